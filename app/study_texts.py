"""The sentences of a study that reach the coordinator's window, marked for translation."""

from __future__ import annotations

from widgets.words import marked

STUDY_TEMPLATES = (
    # who works at a study, and what each role may do
    marked("nobody of that name works at this study; ask its coordinator"),
    marked("nobody of that name works at this study; `study people list` tells who does"),
    marked("this is not the password of that person; try again"),
    marked("a person needs a name of at most {count} letters that can be printed"),
    marked("a role is one of {values}"),
    marked("{name} is a role; give the person's own name"),
    marked("{name} is logged in; another coordinator retires this person"),
    marked("the first person of a study is its coordinator; name that one first"),
    marked("{name} is written with letters of two alphabets; write the name with those of one"),
    marked("{name} works or worked at this study already; give another name"),
    marked("{name} is the last coordinator and stays; name another one first"),
    marked("this study has no people; its password is set with `ferroread study password`"),
    marked("the new password is the old one; choose another"),
    marked("a password of your own is changed with the one you have"),
    marked("the people of this study have passwords of their own; change yours"),
    marked("your password is needed {what}, and this is not it; try again"),
    marked("this study has people; log in as one of them with --as NAME"),
    marked("your password was given to you; choose one of your own with `ferroread study people password`"),
    marked("to name a person"),
    marked("to retire a person"),
    marked("to put a backup in place"),
    marked(
        "session {session} of {rater} was dealt after the backup was made: its kit cannot be collected, and "
        "no washout after it can be told"
    ),
    marked("{names}: named after the backup was made, and not known here; name them again"),
    marked("{names}: retired after the backup was made; retire them again"),
    marked(
        "witness.jsonl was missing from the study's folder, or damaged: kits may have been dealt, people "
        "named or retired, and the key shown, that nothing here tells of"
    ),
    marked("nothing in the folder tells whether the backup is of this study: look at its scans"),
    marked("nobody was asked for a password: no backup knows the people, or an owner's password"),
    marked(
        "people are as they were when the backup was made: name and retire again whoever was named and "
        "retired since, and passwords are those of then"
    ),
    marked("{path} is of another study than {place}; choose a backup of this one"),
    marked("no backup knows the people of this study; the coordinator's password of before is needed"),
    marked("to change the password"),
    marked("to give a person another password"),
    marked("{what} takes {kind}; {name} is here as {part}"),
    marked("a coordinator"),
    marked("a physicist"),
    marked("a statistician"),
    marked("a coordinator or a physicist"),
    marked("a coordinator or a statistician"),
    marked("putting scans in"),
    marked("the reference standard"),
    marked("calibrations and iron"),
    marked("naming readers and the protocol"),
    marked("setting up training"),
    marked("evening pictures out"),
    marked("dealing kits"),
    marked("putting kits onto the server"),
    marked("collecting kits"),
    marked("showing the key"),
    marked("looking at answers"),
    marked("reading answers"),
    marked("reading the audit trail"),
    marked("reading the trail of a kit"),
    marked("letting a kit's password be chosen anew"),
    marked("rescuing a kit"),
    marked("putting a backup in place"),
    marked("moving the study"),
    marked("naming and retiring people"),
    marked("{path} belongs to another study; give that one"),
    marked(
        "{path}: audit record {number} retires the rater's key, and this study knows nothing of it; the kit "
        "was altered, or the study is an older copy"
    ),
    # what tells visits or groups apart, and in what
    marked("{field} T: {what} differ in {part}: {values}"),
    marked(
        "{field} T: {count} of {all} scans look like no other ({what}), so whoever has two raters' kits can "
        "lay them side by side"
    ),
    marked(
        "session {session} of {rater} was dealt after the backup was made from which this study was put "
        "back, so the washout cannot be told; give --washout-days 0 with a --reason"
    ),
    marked("{path} cannot be written; check its permissions and the disk"),
    marked("visits"),
    marked("groups"),
    marked("matrix"),
    marked("spacing"),
    marked("echo times"),
    marked("field of view"),
    marked("orientation"),
    marked("anatomy"),
    marked("gre3d"),
    marked("anatomy place"),
    marked("gre3d place"),
    marked("fractions"),
    marked(
        "{count} of {all} readings of {rater} are signed and collected; adjudication begins when "
        "both have signed everything"
    ),
    marked("adjudication is between two raters, and session {number} has {count}; name two with --between"),
    marked("the protocol has no rule of adjudication; give it one before the kits are dealt"),
    marked("the raters of session {number} disagree on nothing that was not sent already"),
    marked("the two raters have read by different protocols, so their answers do not compare"),
    marked("a kit needs a rater's name; give --rater"),
    marked(
        "the protocol begins with training, and the study has no scans for it; say whose they are "
        "with `study training`"
    ),
    marked("the share of repeats must lie between 0 and 0.5, not {value}"),
    marked("the share of scans to be read must lie above 0 and up to 1, not {value}"),
    marked("the study has no scans to read; add them with `ferroread study add`"),
    marked("the clock stood {days} days behind a time seen before"),
    marked("the clock was set forward by {days} days while the computer ran"),
    marked(
        "{rater} has a kit for session {number} already; its order is drawn once. Give a new "
        "--session for another round"
    ),
    marked("{path} lies in the study's own folder, which no rater gets; choose a place outside"),
    marked("a kit needs a rater's name and a session from 1; give --rater and --session"),
    marked("dealing the kit was stopped; nothing was kept"),
    marked(
        "the protocol lets raters guess the {of} among {choices}, and the study has {missing} too; "
        "name the same in both"
    ),
    marked(
        "none of the {count} prescribed centres lies in its scan, so they are of another frame or "
        "unit; give them in LPS mm as the scans' headers have it"
    ),
    marked(
        "prescribed, but outside the multi-echo series: {targets}; correct the reference standard, "
        "or leave such marks out of those cases with --leave-outside"
    ),
    marked(
        "the protocol prescribes each {kind}, and {target} of {subject} has no centre; complete the"
        " reference standard"
    ),
    marked(
        "the protocol prescribes each {kind}, and the reference standard has none; give it with "
        "`study add --reference`"
    ),
    marked("the times of the kit's files cannot be set ({reason})"),
    marked("evening out the scans"),
    marked("evening out was stopped; the study is as it was"),
    marked(
        "kits are dealt already, and their readings belong to pixels as they are; scans are evened "
        "out before the first kit"
    ),
    marked("{field} T, {role}: {reason}"),
    marked("the pictures have not one voxel of the coarsest in common; leave a scan out"),
    marked("voxels differ in size, which no crop evens out; choose resample"),
    marked(
        "what all scans have in common would cut off {targets}; leave out the scan with the "
        "smallest field of view"
    ),
    marked(
        "the coordinator's password is needed {what}, and the study has none; set one with "
        "`ferroread study password`"
    ),
    marked("the coordinator's password is needed {what}, and this is not it; try again"),
    marked("the coordinator's password needs {count} characters or more; choose another"),
    marked("{rater} stands twice among the raters; give each a name of its own"),
    marked("a rater needs a name of letters that can be printed"),
    marked("{name} is known to the study as {rater}, and called so in kits and tables"),
    marked("{path} holds no study; restore it from a backup"),
    marked("{subject} is in group {group} already, not in {other}; correct the manifest"),
    marked("{path} is not a study; make one with `ferroread study create`"),
    marked("{subject}, {visit}, {field} T is in the study already"),
    marked("ICP-MS of {subject} names the visit {visit}, and its scans are of {visits}; correct one of them"),
    marked("a scan needs subject, group and visit; fill them in the manifest"),
    marked("a study needs a name; give it with --name"),
    marked("a study's name is one line of letters that can be printed; give another"),
    marked("the field of {subject}, {visit} is not known; give it in the manifest"),
    marked("the study has no scan {scan}"),
    marked("the study has no subject {subject}; add its scans first"),
    marked("{subject} has no {kind} {target} with a centre in the reference standard"),
    marked("{question} is about each {kind}; name the target it is expected of"),
    marked("an answer is expected of {subject}, who is not among those for training"),
    marked(
        "nothing is expected of {subject}, {visit}, so training with it tells nothing; give answers"
        " with `study training --answers`, or a reference standard"
    ),
    marked("scans of {subject} were dealt to be read; whoever read them has no use for training"),
    marked("the answer expected of {subject} does not serve: {reason}"),
    marked(
        "{count} of {all} readings are not signed and collected: the study is unblinded before its "
        "readings are complete. Readings collected from now on are marked in every export"
    ),
    marked("the key is given only with a reason; add --reason"),
    marked(
        "{rater} signed the last case {days} days ago, and {asked} must lie between sessions; wait,"
        " or give --washout-days with a --reason"
    ),
    marked(
        "{rater} signed the last case {days} days ago ({reason}), and {asked} must lie between "
        "sessions; wait, or give --washout-days with a --reason"
    ),
    marked("to change the password"),
    marked("to show the key"),
    marked("to look at answers before all are in"),
    marked("no signed reading was collected yet; take kits in with `ferroread study collect`"),
    marked("to write images that name subjects before all are in"),
    marked("to read the trail of a kit before all are in"),
    marked(
        "{count} cases are not signed and collected; {what} unblinds the study and takes a reason, which is "
        "recorded; add --reason"
    ),
    marked("to cut the washout short"),
    marked(
        "session {number} of {rater} is not collected whole, so the washout cannot be told; collect"
        " it first, or give --washout-days 0 with a --reason"
    ),
    marked(
        "the study's protocols ask for {days} days between sessions; a shorter wait needs a reason, which "
        "is recorded: add --reason"
    ),
    marked("the washout must be 0 days or more, not {value}"),
    marked("{subject}: has no multi-echo series fit for R2*; choose another folder"),
    marked("{path} line {number}: {column} should be a number, not {value}"),
    marked("{path} line {number}: {subject}, {visit} stands twice"),
    marked("{path} line {number}: diameter_mm must be positive, not {value}"),
    marked("{path} line {number}: iron_ug_per_g cannot be negative, {value} is"),
    marked("{path} line {number}: kind must be tumour, lesion or node, not {value}"),
    marked("{path} line {number}: malignant must be 1, 0 or empty"),
    marked("{path} line {number}: target {target} of {subject} stands twice"),
    marked("{path} line {number}: value is empty; say what is expected"),
    marked("{path}: has no series {series} for {role}; choose another"),
    marked("{path}: series {series} does not serve for {role}; choose another"),
    marked("{path}: there is no such file or folder; correct the manifest"),
    marked("{path}: was scanned at {field} T, the manifest says {other} T; correct the manifest"),
    marked("stopped; {count} scans were added, run the command again for the rest"),
    marked("{path}: no calibration for {field} T"),
    marked("its map stays as raters have it: kits are dealt already"),
    marked("no {visit} scan at this field; give --r2star0"),
    marked("the baseline has no R2* map; add it again"),
    marked("the scan has no R2* map; add it again"),
    marked("path, subject, group and visit must all be filled in"),
    marked("{column} must be one line of at most {most} characters, without tabs; shorten it"),
    marked("{subject} is in group {group} above; a subject is in one group"),
    marked("{name} stands twice; one scan per visit and field"),
    marked("field_t must be positive, in tesla, not {value}"),
    marked("field_t should be a number, not {value}"),
)
