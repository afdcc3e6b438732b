"""Study and kits: identities, dealing, blinding, collecting, and what is recorded of it.

For a coordinator's window, in short:

    dealing.deal_kit(...) -> Deal             .tells and .outside are for the coordinator alone
    washout.judged_now(study)                 what the study's records say of this computer's clock
    password.has_password, set_password       what unblinding and a shorter washout ask for
    log_in.log_in(study, name, password)      where study.has_people; people.refusal(study, operation)
    log_in.add_person, retire_person, change_password, give_password, listed_people
    training_set.set_training(study, subjects, answers), training_results(study)
    collecting.collect(study, path) -> Collected
    sessions.session_facts(study)             washouts, real intervals, clocks, what the key touched
    adjudicating.disagreements(study, session, raters)    by scan, before anything is dealt
    adjudicating.deal_adjudication(study, rater, session, out, raters=...)
    unblinding.unsigned_cases(study)          ask before show_key(study, reason, password) -> Key, .warning
    unblinding.guesses_at_stake(study)        the same; awaited_guesses(study): those still to be collected

For a rater's window:

    Kit.open(path)                            InputError before the washout is over, in the rater's words
    kit.cases()                               .training and .closed say what a case is, and if it opens yet
    kit.training() -> TrainingState or None   round, what was met, passed, failed
    kit.feedback(alias)                       of a training case that is signed
    kit.guesses_due(), kit.protocol.conduct.guess, kit.guess({alias: {"group": ..., "visit": None}})
    kit.purpose, kit.opinions(alias)          of a kit for adjudication
"""
