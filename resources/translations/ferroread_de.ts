<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE">
<context>
    <name></name>
    <message>
        <source>+ and −</source>
        <translation>+ und −</translation>
    </message>
    <message>
        <source>0 to 9</source>
        <translation>0 bis 9</translation>
    </message>
    <message>
        <source>3D GRE</source>
        <translation>3D-GRE</translation>
    </message>
    <message>
        <source>3D in the active picture</source>
        <translation>3D im aktiven Bild</translation>
    </message>
    <message>
        <source>3D: A P L R S I</source>
        <translation>3D: A P L R S I</translation>
    </message>
    <message>
        <source>3D: X Y Z</source>
        <translation>3D: X Y Z</translation>
    </message>
    <message>
        <source>3D: drag, click</source>
        <translation>3D: Ziehen, Klick</translation>
    </message>
    <message>
        <source>Active picture alone, or as before</source>
        <translation>Aktives Bild allein oder wie zuvor</translation>
    </message>
    <message>
        <source>And back again</source>
        <translation>Und wieder zurück</translation>
    </message>
    <message>
        <source>Answer the current question and go on</source>
        <translation>Aktuelle Frage beantworten und weiter</translation>
    </message>
    <message>
        <source>Answer {value}</source>
        <translation>Antwort {value}</translation>
    </message>
    <message>
        <source>Area</source>
        <translation>Fläche</translation>
    </message>
    <message>
        <source>As cells between tabs, for a spreadsheet</source>
        <translation>Als Zellen zwischen Tabulatoren, für eine Tabelle</translation>
    </message>
    <message>
        <source>As scanned</source>
        <translation>Wie aufgenommen</translation>
    </message>
    <message>
        <source>As scanned, axial, coronal, sagittal in turn</source>
        <translation>Reihum wie aufgenommen, axial, koronar, sagittal</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Axi</source>
        <translation>Axi</translation>
    </message>
    <message>
        <source>Axial</source>
        <translation>Axial</translation>
    </message>
    <message>
        <source>Bright tissue (40 to 99.9 %)</source>
        <translation>Helles Gewebe (40 bis 99.9 %)</translation>
    </message>
    <message>
        <source>Brush</source>
        <translation>Pinsel</translation>
    </message>
    <message>
        <source>Cancel what is under way</source>
        <translation>Laufendes abbrechen</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>Fall</translation>
    </message>
    <message>
        <source>Choose a folder …</source>
        <translation>Ordner wählen …</translation>
    </message>
    <message>
        <source>Choose files or a zip …</source>
        <translation>Dateien oder Zip wählen …</translation>
    </message>
    <message>
        <source>Click sets a mark, drag moves it</source>
        <translation>Klick setzt eine Markierung, Ziehen verschiebt sie</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close the outline, take its last corner back, drop it</source>
        <translation>Umriss schließen, letzten Eckpunkt zurücknehmen, verwerfen</translation>
    </message>
    <message>
        <source>Close; everything is saved already</source>
        <translation>Schließen; alles ist schon gespeichert</translation>
    </message>
    <message>
        <source>Compare by a divider</source>
        <translation>Mit Trennlinie vergleichen</translation>
    </message>
    <message>
        <source>Copy the list</source>
        <translation>Liste kopieren</translation>
    </message>
    <message>
        <source>Cor</source>
        <translation>Kor</translation>
    </message>
    <message>
        <source>Coronal</source>
        <translation>Koronar</translation>
    </message>
    <message>
        <source>Cross-hair</source>
        <translation>Fadenkreuz</translation>
    </message>
    <message>
        <source>Ctrl</source>
        <translation>Strg</translation>
    </message>
    <message>
        <source>Cuts; Page Up, Page Down move them</source>
        <translation>Schnitte; Bild auf, Bild ab verschieben sie</translation>
    </message>
    <message>
        <source>Dark tissue (0 to 80 %)</source>
        <translation>Dunkles Gewebe (0 bis 80 %)</translation>
    </message>
    <message>
        <source>Delete the selected finding</source>
        <translation>Gewählten Befund löschen</translation>
    </message>
    <message>
        <source>Draw in air, for the noise</source>
        <translation>In Luft einzeichnen, für das Rauschen</translation>
    </message>
    <message>
        <source>Draw reference tissue</source>
        <translation>Referenzgewebe einzeichnen</translation>
    </message>
    <message>
        <source>Draw the tumour</source>
        <translation>Tumor einzeichnen</translation>
    </message>
    <message>
        <source>Drop a folder, files or a zip here, or choose a folder (Ctrl+O)</source>
        <translation>Ordner, Dateien oder Zip hier ablegen oder einen Ordner wählen (Strg+O)</translation>
    </message>
    <message>
        <source>Echo times, ms</source>
        <translation>Echozeiten, ms</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>Enter, Backspace, Esc</source>
        <translation>Eingabe, Rücktaste, Esc</translation>
    </message>
    <message>
        <source>Eraser</source>
        <translation>Radierer</translation>
    </message>
    <message>
        <source>Everything (0 to 100 %)</source>
        <translation>Alles (0 bis 100 %)</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>Feld</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>Dateien</translation>
    </message>
    <message>
        <source>First and last slice</source>
        <translation>Erste und letzte Schicht</translation>
    </message>
    <message>
        <source>Fit pictures</source>
        <translation>Bilder einpassen</translation>
    </message>
    <message>
        <source>For R2*</source>
        <translation>Für R2*</translation>
    </message>
    <message>
        <source>Four pictures</source>
        <translation>Vier Bilder</translation>
    </message>
    <message>
        <source>From question to question</source>
        <translation>Von Frage zu Frage</translation>
    </message>
    <message>
        <source>From the back</source>
        <translation>Von hinten</translation>
    </message>
    <message>
        <source>From the feet</source>
        <translation>Von den Füßen</translation>
    </message>
    <message>
        <source>From the front</source>
        <translation>Von vorn</translation>
    </message>
    <message>
        <source>From the head</source>
        <translation>Vom Kopf</translation>
    </message>
    <message>
        <source>From the left</source>
        <translation>Von links</translation>
    </message>
    <message>
        <source>From the right</source>
        <translation>Von rechts</translation>
    </message>
    <message>
        <source>GRE echoes</source>
        <translation>GRE-Echos</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Hilfe</translation>
    </message>
    <message>
        <source>Highest (MIP)</source>
        <translation>Höchster (MIP)</translation>
    </message>
    <message>
        <source>Home, End</source>
        <translation>Pos1, Ende</translation>
    </message>
    <message>
        <source>Images …</source>
        <translation>Bilder …</translation>
    </message>
    <message>
        <source>Imaginary part</source>
        <translation>Imaginärteil</translation>
    </message>
    <message>
        <source>Interpolate the picture; maps never are</source>
        <translation>Bild interpolieren; Karten werden es nie</translation>
    </message>
    <message>
        <source>Interpolate the pictures; maps never are</source>
        <translation>Bilder interpolieren; Karten werden es nie</translation>
    </message>
    <message>
        <source>Invert</source>
        <translation>Invertieren</translation>
    </message>
    <message>
        <source>Iron</source>
        <translation>Eisen</translation>
    </message>
    <message>
        <source>Iron follows from R2* by the line on which the study&apos;s two maps lie</source>
        <translation>Eisen folgt aus R2* über die Gerade, auf der die beiden Karten der Studie liegen</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Larger brush</source>
        <translation>Größerer Pinsel</translation>
    </message>
    <message>
        <source>Least squares</source>
        <translation>Kleinste Quadrate</translation>
    </message>
    <message>
        <source>Leave out</source>
        <translation>Auslassen</translation>
    </message>
    <message>
        <source>Leave the chosen series out, or use it again</source>
        <translation>Gewählte Serie auslassen oder wieder verwenden</translation>
    </message>
    <message>
        <source>Lock the step or sign the case</source>
        <translation>Schritt abschließen oder Fall signieren</translation>
    </message>
    <message>
        <source>Log-linear</source>
        <translation>Log-linear</translation>
    </message>
    <message>
        <source>Look from a side; arrows turn, V MIP or volume</source>
        <translation>Von einer Seite blicken; Pfeile drehen, V MIP oder Volumen</translation>
    </message>
    <message>
        <source>Lowest (MinIP)</source>
        <translation>Niedrigster (MinIP)</translation>
    </message>
    <message>
        <source>Magnitude</source>
        <translation>Magnitude</translation>
    </message>
    <message>
        <source>Map R2*</source>
        <translation>R2* kartieren</translation>
    </message>
    <message>
        <source>Mark a lesion</source>
        <translation>Läsion markieren</translation>
    </message>
    <message>
        <source>Mark a lymph node</source>
        <translation>Lymphknoten markieren</translation>
    </message>
    <message>
        <source>Matrix</source>
        <translation>Matrix</translation>
    </message>
    <message>
        <source>Maximum likelihood</source>
        <translation>Maximum Likelihood</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>Mittelwert</translation>
    </message>
    <message>
        <source>Mean signal of the regions at each echo time.
Curve: one exponential by least squares; ±: its standard error, from the scatter of the points.
Dashed: the noise floor. Hollow points have sunk into it and are left out of the curve.</source>
        <translation>Mittleres Signal der ROIs bei jeder Echozeit.
Kurve: eine Exponentialfunktion nach kleinsten Quadraten; ±: ihr Standardfehler, aus der Streuung der Punkte.
Gestrichelt: der Rauschboden. Hohle Punkte sind darin versunken und fehlen in der Kurve.</translation>
    </message>
    <message>
        <source>Mouse and keys…</source>
        <translation>Maus und Tasten…</translation>
    </message>
    <message>
        <source>Move the picture</source>
        <translation>Bild verschieben</translation>
    </message>
    <message>
        <source>Navigate</source>
        <translation>Navigieren</translation>
    </message>
    <message>
        <source>Next case</source>
        <translation>Nächster Fall</translation>
    </message>
    <message>
        <source>Next echo</source>
        <translation>Nächstes Echo</translation>
    </message>
    <message>
        <source>Next map</source>
        <translation>Nächste Karte</translation>
    </message>
    <message>
        <source>Next or previous echo</source>
        <translation>Nächstes oder voriges Echo</translation>
    </message>
    <message>
        <source>Next picture</source>
        <translation>Nächstes Bild</translation>
    </message>
    <message>
        <source>Next plane</source>
        <translation>Nächste Ebene</translation>
    </message>
    <message>
        <source>Next slab</source>
        <translation>Nächster Slab</translation>
    </message>
    <message>
        <source>Next thickness of the slab</source>
        <translation>Nächste Slab-Dicke</translation>
    </message>
    <message>
        <source>Next window preset</source>
        <translation>Nächstes Fenster</translation>
    </message>
    <message>
        <source>No iron: the study&apos;s iron map is no straight line of its R2* map</source>
        <translation>Kein Eisen: die Eisenkarte der Studie hängt nicht linear von ihrer R2*-Karte ab</translation>
    </message>
    <message>
        <source>No map, R2*, iron in turn</source>
        <translation>Reihum keine Karte, R2*, Eisen</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>Rauschen</translation>
    </message>
    <message>
        <source>Noise (air)</source>
        <translation>Rauschen (Luft)</translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation>Nichts</translation>
    </message>
    <message>
        <source>Nothing and the other pictures in turn</source>
        <translation>Reihum nichts und die anderen Bilder</translation>
    </message>
    <message>
        <source>One large and three small</source>
        <translation>Ein großes und drei kleine</translation>
    </message>
    <message>
        <source>One picture</source>
        <translation>Ein Bild</translation>
    </message>
    <message>
        <source>One slice</source>
        <translation>Eine Schicht</translation>
    </message>
    <message>
        <source>One slice, mean, MIP, MinIP in turn</source>
        <translation>Reihum eine Schicht, Mittelwert, MIP, MinIP</translation>
    </message>
    <message>
        <source>Open a kit …</source>
        <translation>Kit öffnen …</translation>
    </message>
    <message>
        <source>Open the demo</source>
        <translation>Demo öffnen</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>Anderes</translation>
    </message>
    <message>
        <source>Outline by corners; double click, Enter or the first corner closes, Backspace takes a corner back, Esc drops it</source>
        <translation>Mit Eckpunkten umfahren; Doppelklick, Eingabe oder der erste Eckpunkt schließt, Rücktaste nimmt einen Eckpunkt zurück, Esc verwirft</translation>
    </message>
    <message>
        <source>Page Up, Page Down</source>
        <translation>Bild auf, Bild ab</translation>
    </message>
    <message>
        <source>Paint the region; [ and ] change the size</source>
        <translation>ROI malen; [ und ] ändern die Größe</translation>
    </message>
    <message>
        <source>Phase</source>
        <translation>Phase</translation>
    </message>
    <message>
        <source>Play echoes</source>
        <translation>Echos abspielen</translation>
    </message>
    <message>
        <source>Play slices</source>
        <translation>Schichten abspielen</translation>
    </message>
    <message>
        <source>Point: all views show the same place</source>
        <translation>Zeigen: alle Bilder zeigen dieselbe Stelle</translation>
    </message>
    <message>
        <source>Polygon</source>
        <translation>Polygon</translation>
    </message>
    <message>
        <source>Previous case</source>
        <translation>Voriger Fall</translation>
    </message>
    <message>
        <source>Previous echo</source>
        <translation>Voriges Echo</translation>
    </message>
    <message>
        <source>R2* error</source>
        <translation>R2*-Fehler</translation>
    </message>
    <message>
        <source>Radiology PACS</source>
        <translation>Radiologie-PACS</translation>
    </message>
    <message>
        <source>Real part</source>
        <translation>Realteil</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Reference</source>
        <translation>Referenz</translation>
    </message>
    <message>
        <source>Refit with other echoes or another method, to look; the study&apos;s map is what is recorded</source>
        <translation>Zum Ansehen mit anderen Echos oder anderer Methode fitten; festgehalten wird die Karte der Studie</translation>
    </message>
    <message>
        <source>Remove the active region</source>
        <translation>Aktive ROI entfernen</translation>
    </message>
    <message>
        <source>Reset window</source>
        <translation>Fenster zurücksetzen</translation>
    </message>
    <message>
        <source>Residual</source>
        <translation>Residuum</translation>
    </message>
    <message>
        <source>Sag</source>
        <translation>Sag</translation>
    </message>
    <message>
        <source>Sagittal</source>
        <translation>Sagittal</translation>
    </message>
    <message>
        <source>Save maps …</source>
        <translation>Karten speichern …</translation>
    </message>
    <message>
        <source>Scanner</source>
        <translation>Scanner</translation>
    </message>
    <message>
        <source>Scroll through the slices</source>
        <translation>Durch die Schichten blättern</translation>
    </message>
    <message>
        <source>Second moment</source>
        <translation>Zweites Moment</translation>
    </message>
    <message>
        <source>Series</source>
        <translation>Serie</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>Umschalt</translation>
    </message>
    <message>
        <source>Shows</source>
        <translation>Zeigt</translation>
    </message>
    <message>
        <source>Signal</source>
        <translation>Signal</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>Übersprungen</translation>
    </message>
    <message>
        <source>Slice</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>Smaller brush</source>
        <translation>Kleinerer Pinsel</translation>
    </message>
    <message>
        <source>Smooth pixels</source>
        <translation>Pixel glätten</translation>
    </message>
    <message>
        <source>Spacing, mm</source>
        <translation>Abstand, mm</translation>
    </message>
    <message>
        <source>Steep (5 to 95 %)</source>
        <translation>Steil (5 bis 95 %)</translation>
    </message>
    <message>
        <source>T, from the frequency</source>
        <translation>T, aus der Frequenz</translation>
    </message>
    <message>
        <source>T, from the header</source>
        <translation>T, aus dem Header</translation>
    </message>
    <message>
        <source>T, given by you</source>
        <translation>T, von Ihnen</translation>
    </message>
    <message>
        <source>T, not in the header</source>
        <translation>T, nicht im Header</translation>
    </message>
    <message>
        <source>T2 anatomy</source>
        <translation>T2-Anatomie</translation>
    </message>
    <message>
        <source>Tab, Up, Down</source>
        <translation>Tab, Auf, Ab</translation>
    </message>
    <message>
        <source>Take from the region; [ and ] change its size</source>
        <translation>Von der ROI wegnehmen; [ und ] ändern die Größe</translation>
    </message>
    <message>
        <source>Take the current answer back</source>
        <translation>Aktuelle Antwort zurücknehmen</translation>
    </message>
    <message>
        <source>Texts beside the pictures</source>
        <translation>Texte neben den Bildern</translation>
    </message>
    <message>
        <source>Texts on the pictures</source>
        <translation>Texte an den Bildern</translation>
    </message>
    <message>
        <source>The R2* map will be here</source>
        <translation>Hier erscheint die R2*-Karte</translation>
    </message>
    <message>
        <source>The chosen tool</source>
        <translation>Das gewählte Werkzeug</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>Werkzeuge</translation>
    </message>
    <message>
        <source>Trial fit</source>
        <translation>Probe-Fit</translation>
    </message>
    <message>
        <source>Tumour</source>
        <translation>Tumor</translation>
    </message>
    <message>
        <source>Turn; point, or look from a face of the cube</source>
        <translation>Drehen; zeigen oder von einer Würfelseite blicken</translation>
    </message>
    <message>
        <source>Two pictures</source>
        <translation>Zwei Bilder</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Usual (1 to 99.5 %)</source>
        <translation>Üblich (1 bis 99.5 %)</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Ansicht</translation>
    </message>
    <message>
        <source>Vol.</source>
        <translation>Vol.</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>Volumen</translation>
    </message>
    <message>
        <source>Voxels</source>
        <translation>Voxel</translation>
    </message>
    <message>
        <source>Waits for a 3D GRE or an anatomical series: this step of the case shows none</source>
        <translation>Wartet auf eine 3D-GRE oder eine anatomische Serie: dieser Schritt des Falls zeigt keine</translation>
    </message>
    <message>
        <source>Weighted log-linear</source>
        <translation>Gewichtet log-linear</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Wo</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Warum</translation>
    </message>
    <message>
        <source>Window (across) and level (up and down)</source>
        <translation>Fensterbreite (quer) und -mitte (auf und ab)</translation>
    </message>
    <message>
        <source>Window and level as at first</source>
        <translation>Fensterung wie am Anfang</translation>
    </message>
    <message>
        <source>Writing maps</source>
        <translation>Karten werden geschrieben</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>Zoom</translation>
    </message>
    <message>
        <source>Zoom about the pointer</source>
        <translation>Um den Zeiger zoomen</translation>
    </message>
    <message>
        <source>air SD/0.655 (one coil)</source>
        <translation>Luft-SD/0.655 (eine Spule)</translation>
    </message>
    <message>
        <source>answer {value}</source>
        <translation>Antwort {value}</translation>
    </message>
    <message>
        <source>begun</source>
        <translation>begonnen</translation>
    </message>
    <message>
        <source>below the noise floor</source>
        <translation>unter dem Rauschboden</translation>
    </message>
    <message>
        <source>case</source>
        <translation>Fall</translation>
    </message>
    <message>
        <source>change {kind} region</source>
        <translation>{kind}-ROI ändern</translation>
    </message>
    <message>
        <source>clear answer</source>
        <translation>Antwort löschen</translation>
    </message>
    <message>
        <source>difference image</source>
        <translation>Differenzbild</translation>
    </message>
    <message>
        <source>draw {kind} region</source>
        <translation>{kind}-ROI zeichnen</translation>
    </message>
    <message>
        <source>faster than the echoes can resolve</source>
        <translation>schneller als die Echos auflösen</translation>
    </message>
    <message>
        <source>left button</source>
        <translation>linke Taste</translation>
    </message>
    <message>
        <source>lesion</source>
        <translation>Läsion</translation>
    </message>
    <message>
        <source>lesion {number}</source>
        <translation>Läsion {number}</translation>
    </message>
    <message>
        <source>mark {kind}</source>
        <translation>{kind} markieren</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>Mittel</translation>
    </message>
    <message>
        <source>middle button</source>
        <translation>mittlere Taste</translation>
    </message>
    <message>
        <source>move mark</source>
        <translation>Markierung verschieben</translation>
    </message>
    <message>
        <source>no fit</source>
        <translation>kein Fit</translation>
    </message>
    <message>
        <source>node</source>
        <translation>Lymphknoten</translation>
    </message>
    <message>
        <source>node {number}</source>
        <translation>Lymphknoten {number}</translation>
    </message>
    <message>
        <source>noise</source>
        <translation>Rausch</translation>
    </message>
    <message>
        <source>not begun</source>
        <translation>nicht begonnen</translation>
    </message>
    <message>
        <source>outside the mask</source>
        <translation>außerhalb der Maske</translation>
    </message>
    <message>
        <source>reading files once more, for their SHA-256</source>
        <translation>Dateien werden für ihre SHA-256 noch einmal gelesen</translation>
    </message>
    <message>
        <source>reference</source>
        <translation>Referenz</translation>
    </message>
    <message>
        <source>reference SD</source>
        <translation>Referenz-SD</translation>
    </message>
    <message>
        <source>reference tissue</source>
        <translation>Referenzgewebe</translation>
    </message>
    <message>
        <source>remove {kind}</source>
        <translation>{kind} entfernen</translation>
    </message>
    <message>
        <source>remove {kind} region</source>
        <translation>{kind}-ROI entfernen</translation>
    </message>
    <message>
        <source>right button</source>
        <translation>rechte Taste</translation>
    </message>
    <message>
        <source>signal</source>
        <translation>Signal</translation>
    </message>
    <message>
        <source>signed</source>
        <translation>signiert</translation>
    </message>
    <message>
        <source>slower than the echoes can resolve</source>
        <translation>langsamer als die Echos auflösen</translation>
    </message>
    <message>
        <source>the step “{step}” is not done</source>
        <translation>der Schritt „{step}“ ist nicht erledigt</translation>
    </message>
    <message>
        <source>the {kind} region is not drawn</source>
        <translation>die {kind}-ROI ist nicht eingezeichnet</translation>
    </message>
    <message>
        <source>this is a bug in FerroRead ({kind_of_error} at {place}); nothing was changed. Please send {report} to us, it carries no identity</source>
        <translation>das ist ein Fehler in FerroRead ({kind_of_error} bei {place}); nichts wurde verändert. Bitte schicken Sie uns {report}, es enthält nichts zur Identität</translation>
    </message>
    <message>
        <source>this is a bug in FerroRead ({kind_of_error} at {place}); the report could not be kept</source>
        <translation>das ist ein Fehler in FerroRead ({kind_of_error} bei {place}); der Bericht ließ sich nicht speichern</translation>
    </message>
    <message>
        <source>tumour</source>
        <translation>Tumor</translation>
    </message>
    <message>
        <source>wheel</source>
        <translation>Rad</translation>
    </message>
    <message>
        <source>{mode}  cut {cuts} mm</source>
        <translation>{mode}  Schnitt {cuts} mm</translation>
    </message>
    <message>
        <source>“{question}” is not answered</source>
        <translation>„{question}“ ist nicht beantwortet</translation>
    </message>
    <message>
        <source>“{question}” is not answered for {mark}</source>
        <translation>„{question}“ ist für {mark} nicht beantwortet</translation>
    </message>
</context>
<context>
    <name>AnswerForm</name>
    <message>
        <source>Questions</source>
        <translation>Fragen</translation>
    </message>
</context>
<context>
    <name>AnswersController</name>
    <message>
        <source>This case</source>
        <translation>Dieser Fall</translation>
    </message>
    <message>
        <source>{left} of {all} to answer</source>
        <translation>noch {left} von {all} offen</translation>
    </message>
    <message>
        <source>“{question}” is answered with {low} to {high}</source>
        <translation>„{question}“ wird mit {low} bis {high} beantwortet</translation>
    </message>
</context>
<context>
    <name>CaseController</name>
    <message>
        <source>{error}. What you did last was not kept: do it again</source>
        <translation>{error}. Ihr letzter Schritt wurde nicht gespeichert: bitte wiederholen</translation>
    </message>
</context>
<context>
    <name>ColourBar</name>
    <message>
        <source>Colours of the map</source>
        <translation>Farben der Karte</translation>
    </message>
    <message>
        <source>Colours of {map} from {low} to {high} {unit}</source>
        <translation>Farben von {map} von {low} bis {high} {unit}</translation>
    </message>
    <message>
        <source>Lower end of the map&apos;s colours</source>
        <translation>Unteres Ende der Kartenfarben</translation>
    </message>
    <message>
        <source>Upper end of the map&apos;s colours</source>
        <translation>Oberes Ende der Kartenfarben</translation>
    </message>
    <message>
        <source>trial</source>
        <translation>Probe</translation>
    </message>
    <message>
        <source>{end}; type a value and press Enter</source>
        <translation>{end}; Wert tippen und Eingabe drücken</translation>
    </message>
</context>
<context>
    <name>ControlsDialog</name>
    <message>
        <source>Key for {action}</source>
        <translation>Taste für {action}</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Mouse</source>
        <translation>Maus</translation>
    </message>
    <message>
        <source>Mouse and keys</source>
        <translation>Maus und Tasten</translation>
    </message>
    <message>
        <source>Mouse as in</source>
        <translation>Maus wie in</translation>
    </message>
    <message>
        <source>Press the key; clear it to use none</source>
        <translation>Taste drücken; leeren für keine</translation>
    </message>
    <message>
        <source>Take back every change</source>
        <translation>Alle Änderungen zurücknehmen</translation>
    </message>
    <message>
        <source>Usual keys and mouse</source>
        <translation>Übliche Tasten und Maus</translation>
    </message>
    <message>
        <source>Which program the mouse works like</source>
        <translation>Wie in welchem Programm die Maus arbeitet</translation>
    </message>
    <message>
        <source>{input} does</source>
        <translation>Aufgabe: {input}</translation>
    </message>
    <message>
        <source>{key} belongs to “{action}”; give that another key first</source>
        <translation>{key} gehört zu „{action}“; geben Sie dem zuerst eine andere Taste</translation>
    </message>
</context>
<context>
    <name>DecayController</name>
    <message>
        <source>Draw tumour or reference tissue: its decay over the echoes shows here</source>
        <translation>Tumor oder Referenzgewebe einzeichnen: hier erscheint der Signalabfall über die Echos</translation>
    </message>
    <message>
        <source>One echo: there is no decay to show</source>
        <translation>Ein Echo: kein Signalabfall darstellbar</translation>
    </message>
    <message>
        <source>Signal by echo</source>
        <translation>Signal je Echo</translation>
    </message>
</context>
<context>
    <name>DecayPlot</name>
    <message>
        <source>Decay of the signal</source>
        <translation>Signalabfall</translation>
    </message>
    <message>
        <source>Plot of the decay</source>
        <translation>Diagramm des Signalabfalls</translation>
    </message>
    <message>
        <source>Signal</source>
        <translation>Signal</translation>
    </message>
</context>
<context>
    <name>Entry</name>
    <message>
        <source>from the name</source>
        <translation>aus dem Namen</translation>
    </message>
    <message>
        <source>given by you</source>
        <translation>von Ihnen</translation>
    </message>
    <message>
        <source>left out by you</source>
        <translation>von Ihnen ausgelassen</translation>
    </message>
    <message>
        <source>ms, from the header</source>
        <translation>ms, aus dem Header</translation>
    </message>
    <message>
        <source>ms, given by you</source>
        <translation>ms, von Ihnen</translation>
    </message>
    <message>
        <source>ms; none in the files</source>
        <translation>ms; keine in den Dateien</translation>
    </message>
    <message>
        <source>ms; none in the files, type {count}</source>
        <translation>ms; keine in den Dateien, bitte {count} eingeben</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>not complete</source>
        <translation>nicht vollständig</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>unbekannt</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>bereit</translation>
    </message>
    <message>
        <source>{count}: {first} to {last}</source>
        <translation>{count}: {first} bis {last}</translation>
    </message>
    <message>
        <source>{field} T, inferred</source>
        <translation>{field} T, erschlossen</translation>
    </message>
    <message>
        <source>{field} T, yours</source>
        <translation>{field} T, von Ihnen</translation>
    </message>
    <message>
        <source>{text} cannot be; it must be a positive number</source>
        <translation>{text} kann nicht sein; es muss eine positive Zahl sein</translation>
    </message>
    <message>
        <source>{text} is not a number; type for example 3 or 0.064</source>
        <translation>{text} ist keine Zahl; tippen Sie zum Beispiel 3 oder 0.064</translation>
    </message>
</context>
<context>
    <name>FindingsList</name>
    <message>
        <source>Findings</source>
        <translation>Befunde</translation>
    </message>
    <message>
        <source>None yet. Choose the lesion or node tool and click into a picture.</source>
        <translation>Noch keine. Wählen Sie das Werkzeug für Läsionen oder Lymphknoten und klicken Sie in ein Bild.</translation>
    </message>
    <message>
        <source>complete</source>
        <translation>vollständig</translation>
    </message>
</context>
<context>
    <name>FinishPanel</name>
    <message>
        <source>Confirm</source>
        <translation>Bestätigen</translation>
    </message>
    <message>
        <source>Finish</source>
        <translation>Abschließen</translation>
    </message>
    <message>
        <source>Keep reading</source>
        <translation>Weiter befunden</translation>
    </message>
    <message>
        <source>Still missing</source>
        <translation>Es fehlt noch</translation>
    </message>
    <message>
        <source>Still missing: {what}</source>
        <translation>Es fehlt noch: {what}</translation>
    </message>
    <message>
        <source>•  and {count} more</source>
        <translation>•  und {count} weitere</translation>
    </message>
</context>
<context>
    <name>FlowController</name>
    <message>
        <source>A signed case cannot be changed any more.</source>
        <translation>Ein signierter Fall lässt sich nicht mehr ändern.</translation>
    </message>
    <message>
        <source>All cases are signed. Thank you: the kit is complete.</source>
        <translation>Alle Fälle sind signiert. Danke: das Kit ist vollständig.</translation>
    </message>
    <message>
        <source>Close step</source>
        <translation>Abschließen</translation>
    </message>
    <message>
        <source>Close step “{step}”</source>
        <translation>„{step}“ abschließen</translation>
    </message>
    <message>
        <source>Everything is answered. Next comes “{step}”.</source>
        <translation>Alles ist beantwortet. Als Nächstes kommt „{step}“.</translation>
    </message>
    <message>
        <source>Everything is there.</source>
        <translation>Alles ist da.</translation>
    </message>
    <message>
        <source>Its answers and marks cannot be changed afterwards. Next comes “{step}”.</source>
        <translation>Antworten und Markierungen lassen sich danach nicht mehr ändern. Als Nächstes kommt „{step}“.</translation>
    </message>
    <message>
        <source>Next case</source>
        <translation>Nächster Fall</translation>
    </message>
    <message>
        <source>Not yet: {missing}</source>
        <translation>Noch nicht: {missing}</translation>
    </message>
    <message>
        <source>Sign</source>
        <translation>Signieren</translation>
    </message>
    <message>
        <source>Sign case</source>
        <translation>Fall signieren</translation>
    </message>
    <message>
        <source>This case is signed.</source>
        <translation>Dieser Fall ist signiert.</translation>
    </message>
</context>
<context>
    <name>ImagePane</name>
    <message>
        <source>Echo</source>
        <translation>Echo</translation>
    </message>
    <message>
        <source>Echo; Left and Right change it</source>
        <translation>Echo; Links und Rechts ändern es</translation>
    </message>
    <message>
        <source>Map over the picture</source>
        <translation>Karte über dem Bild</translation>
    </message>
    <message>
        <source>No map</source>
        <translation>Keine Karte</translation>
    </message>
    <message>
        <source>Opacity of the map</source>
        <translation>Deckkraft der Karte</translation>
    </message>
    <message>
        <source>Plane, slab, window, compare, play</source>
        <translation>Ebene, Slab, Fenster, Vergleichen, Abspielen</translation>
    </message>
    <message>
        <source>Which picture to show</source>
        <translation>Welches Bild gezeigt wird</translation>
    </message>
    <message>
        <source>{pane}, more</source>
        <translation>{pane}, mehr</translation>
    </message>
    <message>
        <source>{pane}, picture</source>
        <translation>{pane}, Bild</translation>
    </message>
    <message>
        <source>{pane}, which picture</source>
        <translation>{pane}, welches Bild</translation>
    </message>
</context>
<context>
    <name>ImportLayout</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Echo</source>
        <translation>Echo</translation>
    </message>
    <message>
        <source>Files or zip …</source>
        <translation>Dateien oder Zip …</translation>
    </message>
    <message>
        <source>Files skipped, and why</source>
        <translation>Übersprungene Dateien, und warum</translation>
    </message>
    <message>
        <source>Folder …</source>
        <translation>Ordner …</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>Karte</translation>
    </message>
    <message>
        <source>Opacity of the map</source>
        <translation>Deckkraft der Karte</translation>
    </message>
    <message>
        <source>Pictures of the series</source>
        <translation>Bilder der Serie</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Series found</source>
        <translation>Gefundene Serien</translation>
    </message>
    <message>
        <source>Show the series found</source>
        <translation>Gefundene Serien zeigen</translation>
    </message>
    <message>
        <source>Show what was skipped, and why</source>
        <translation>Zeigen, was übersprungen wurde, und warum</translation>
    </message>
    <message>
        <source>Stop what is under way (Esc)</source>
        <translation>Laufendes abbrechen (Esc)</translation>
    </message>
    <message>
        <source>Which map</source>
        <translation>Welche Karte</translation>
    </message>
    <message>
        <source>Which pictures</source>
        <translation>Welche Bilder</translation>
    </message>
</context>
<context>
    <name>ImportWindow</name>
    <message numerus="yes">
        <source>%n file(s)</source>
        <translation>
            <numerusform>%n Datei</numerusform>
            <numerusform>%n Dateien</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n series</source>
        <translation>
            <numerusform>%n Serie</numerusform>
            <numerusform>%n Serien</numerusform>
        </translation>
    </message>
    <message>
        <source>A folder of images</source>
        <translation>Ein Ordner mit Bildern</translation>
    </message>
    <message>
        <source>Copied, for a spreadsheet</source>
        <translation>Kopiert, für eine Tabelle</translation>
    </message>
    <message>
        <source>Fitting R2*</source>
        <translation>R2* wird gefittet</translation>
    </message>
    <message>
        <source>Fitting R2* …</source>
        <translation>R2* wird gefittet …</translation>
    </message>
    <message>
        <source>Image files, or a zip</source>
        <translation>Bilddateien oder ein Zip</translation>
    </message>
    <message>
        <source>Left out by you</source>
        <translation>Von Ihnen ausgelassen</translation>
    </message>
    <message>
        <source>Looking for pictures</source>
        <translation>Bilder werden gesucht</translation>
    </message>
    <message>
        <source>Looking for pictures …</source>
        <translation>Bilder werden gesucht …</translation>
    </message>
    <message>
        <source>Maps and map.json written to {where}</source>
        <translation>Karten und map.json geschrieben nach {where}</translation>
    </message>
    <message>
        <source>Name a new folder for the maps</source>
        <translation>Neuen Ordner für die Karten nennen</translation>
    </message>
    <message>
        <source>No picture found</source>
        <translation>Kein Bild gefunden</translation>
    </message>
    <message>
        <source>Preparing the fit: some seconds, once after installation</source>
        <translation>Fit wird vorbereitet: einige Sekunden, einmal nach der Installation</translation>
    </message>
    <message>
        <source>Press Map R2* (Ctrl+M)</source>
        <translation>„R2* kartieren“ drücken (Strg+M)</translation>
    </message>
    <message>
        <source>Reading pictures</source>
        <translation>Bilder werden gelesen</translation>
    </message>
    <message>
        <source>Reading pictures …</source>
        <translation>Bilder werden gelesen …</translation>
    </message>
    <message>
        <source>Scans as the scanner wrote them: DICOM, NIfTI, ParaVision, zip</source>
        <translation>Aufnahmen, wie der Scanner sie schrieb: DICOM, NIfTI, ParaVision, Zip</translation>
    </message>
    <message>
        <source>Series  {count}</source>
        <translation>Serien  {count}</translation>
    </message>
    <message>
        <source>Skipped  {count}</source>
        <translation>Übersprungen  {count}</translation>
    </message>
    <message>
        <source>Stopped before everything was looked at</source>
        <translation>Abgebrochen, ehe alles durchgesehen war</translation>
    </message>
    <message>
        <source>Stopped; choose the series again</source>
        <translation>Abgebrochen; wählen Sie die Serie noch einmal</translation>
    </message>
    <message>
        <source>Stopped; nothing was changed</source>
        <translation>Abgebrochen; nichts wurde verändert</translation>
    </message>
    <message>
        <source>These pictures cannot be shown</source>
        <translation>Diese Bilder lassen sich nicht zeigen</translation>
    </message>
    <message>
        <source>This series cannot be fitted for R2*:</source>
        <translation>Für diese Serie lässt sich R2* nicht fitten:</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>{found}: choose one and press Map R2*</source>
        <translation>{found}: eine wählen und „R2* kartieren“ drücken</translation>
    </message>
    <message>
        <source>{found}; what stands against each is said below the list</source>
        <translation>{found}; was jeweils dagegen spricht, steht unter der Liste</translation>
    </message>
    <message>
        <source>{series} in {files}, {ready} ready for R2*</source>
        <translation>{series} in {files}, {ready} bereit für R2*</translation>
    </message>
</context>
<context>
    <name>KeysDialog</name>
    <message>
        <source>Keys and mouse</source>
        <translation>Tasten und Maus</translation>
    </message>
    <message>
        <source>Mouse and views</source>
        <translation>Maus und Bilder</translation>
    </message>
</context>
<context>
    <name>Language</name>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>FerroRead speaks the system&apos;s language from its next start on</source>
        <translation>FerroRead spricht ab dem nächsten Start die Sprache des Systems</translation>
    </message>
    <message>
        <source>FerroRead speaks {language} from its next start on</source>
        <translation>FerroRead spricht ab dem nächsten Start {language}</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Dismiss the message</source>
        <translation>Meldung schließen</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Meldungen</translation>
    </message>
</context>
<context>
    <name>NumbersController</name>
    <message>
        <source>CNR {cnr}   echo at {te} ms   noise σ {sigma}, from {method}</source>
        <translation>CNR {cnr}   Echo bei {te} ms   Rauschen σ {sigma}, aus {method}</translation>
    </message>
    <message>
        <source>CNR: draw tumour and reference; noise in air gives the better estimate</source>
        <translation>CNR: Tumor und Referenz einzeichnen; Rauschen in Luft schätzt besser</translation>
    </message>
</context>
<context>
    <name>NumbersPanel</name>
    <message>
        <source>Numbers of the regions</source>
        <translation>Zahlen der ROIs</translation>
    </message>
    <message>
        <source>Of the trial fit</source>
        <translation>Vom Probe-Fit</translation>
    </message>
</context>
<context>
    <name>Pictures</name>
    <message>
        <source>this series cannot be fitted; see what stands against it</source>
        <translation>diese Serie lässt sich nicht fitten; sehen Sie, was dagegen spricht</translation>
    </message>
</context>
<context>
    <name>PreviewController</name>
    <message>
        <source>Echo {number} / {all}</source>
        <translation>Echo {number} / {all}</translation>
    </message>
    <message>
        <source>first picture found</source>
        <translation>erstes gefundenes Bild</translation>
    </message>
    <message>
        <source>outside</source>
        <translation>außerhalb</translation>
    </message>
    <message>
        <source>signal {value}</source>
        <translation>Signal {value}</translation>
    </message>
    <message>
        <source>{percent} % opaque</source>
        <translation>{percent} % deckend</translation>
    </message>
</context>
<context>
    <name>PreviewPane</name>
    <message>
        <source>{pane}, picture</source>
        <translation>{pane}, Bild</translation>
    </message>
    <message>
        <source>{slider}; Left and Right change it</source>
        <translation>{slider}; Links und Rechts ändern es</translation>
    </message>
</context>
<context>
    <name>Probe</name>
    <message>
        <source>outside</source>
        <translation>außerhalb</translation>
    </message>
    <message>
        <source>signal {value}</source>
        <translation>Signal {value}</translation>
    </message>
    <message>
        <source>trial fit:</source>
        <translation>Probe-Fit:</translation>
    </message>
</context>
<context>
    <name>QuestionCard</name>
    <message>
        <source>answered {value}, {label}</source>
        <translation>beantwortet mit {value}, {label}</translation>
    </message>
    <message>
        <source>not answered</source>
        <translation>nicht beantwortet</translation>
    </message>
    <message>
        <source>optional</source>
        <translation>optional</translation>
    </message>
    <message>
        <source>{state}, locked</source>
        <translation>{state}, gesperrt</translation>
    </message>
</context>
<context>
    <name>ReadingWindow</name>
    <message>
        <source>3D</source>
        <translation>3D</translation>
    </message>
    <message>
        <source>Case {alias}</source>
        <translation>Fall {alias}</translation>
    </message>
    <message>
        <source>Click sets a lesion mark, drag moves one</source>
        <translation>Klick markiert eine Läsion, Ziehen verschiebt</translation>
    </message>
    <message>
        <source>Click sets a lymph node mark, drag moves one</source>
        <translation>Klick markiert einen Lymphknoten, Ziehen verschiebt</translation>
    </message>
    <message>
        <source>Click: all pictures show the same place</source>
        <translation>Klick: alle Bilder zeigen dieselbe Stelle</translation>
    </message>
    <message>
        <source>Fourth picture</source>
        <translation>Viertes Bild</translation>
    </message>
    <message>
        <source>Left picture</source>
        <translation>Linkes Bild</translation>
    </message>
    <message>
        <source>Not saved</source>
        <translation>Nicht gespeichert</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Redo {edit}</source>
        <translation>Wiederholen: {edit}</translation>
    </message>
    <message>
        <source>Right picture</source>
        <translation>Rechtes Bild</translation>
    </message>
    <message>
        <source>Saved {time}</source>
        <translation>Gespeichert {time}</translation>
    </message>
    <message>
        <source>Signed</source>
        <translation>Signiert</translation>
    </message>
    <message>
        <source>Third picture</source>
        <translation>Drittes Bild</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Undo {edit}</source>
        <translation>Rückgängig: {edit}</translation>
    </message>
    <message>
        <source>{region}: click corners, double click or Enter closes</source>
        <translation>{region}: Eckpunkte klicken, Doppelklick oder Eingabe schließt</translation>
    </message>
    <message>
        <source>{region}: paint, ∅ {mm} mm, [ and ] change it</source>
        <translation>{region}: malen, ∅ {mm} mm, [ und ] ändern ihn</translation>
    </message>
    <message>
        <source>{region}: take away, ∅ {mm} mm, [ and ] change it</source>
        <translation>{region}: wegnehmen, ∅ {mm} mm, [ und ] ändern ihn</translation>
    </message>
</context>
<context>
    <name>SeriesForm</name>
    <message>
        <source>3 or 0.064</source>
        <translation>3 oder 0.064</translation>
    </message>
    <message>
        <source>Compute R2* of this series (Ctrl+M)</source>
        <translation>R2* dieser Serie berechnen (Strg+M)</translation>
    </message>
    <message>
        <source>Echo times</source>
        <translation>Echozeiten</translation>
    </message>
    <message>
        <source>Echo times in milliseconds</source>
        <translation>Echozeiten in Millisekunden</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>Feld</translation>
    </message>
    <message>
        <source>Field strength in tesla</source>
        <translation>Feldstärke in Tesla</translation>
    </message>
    <message>
        <source>Leave out</source>
        <translation>Auslassen</translation>
    </message>
    <message>
        <source>Leave this series out</source>
        <translation>Diese Serie auslassen</translation>
    </message>
    <message>
        <source>Map R2*</source>
        <translation>R2* kartieren</translation>
    </message>
    <message>
        <source>Save maps</source>
        <translation>Karten speichern</translation>
    </message>
    <message>
        <source>Save maps …</source>
        <translation>Karten speichern …</translation>
    </message>
    <message>
        <source>Shows</source>
        <translation>Zeigt</translation>
    </message>
    <message>
        <source>Use it again</source>
        <translation>Wieder verwenden</translation>
    </message>
    <message>
        <source>What the pictures show</source>
        <translation>Was die Bilder zeigen</translation>
    </message>
    <message>
        <source>Write the maps into a folder (Ctrl+S)</source>
        <translation>Karten in einen Ordner schreiben (Strg+S)</translation>
    </message>
    <message>
        <source>{what}; type and press Enter</source>
        <translation>{what}; tippen und Eingabe drücken</translation>
    </message>
</context>
<context>
    <name>Sources</name>
    <message>
        <source>Compare by a divider with</source>
        <translation>Mit Trennlinie vergleichen mit</translation>
    </message>
    <message>
        <source>Invert</source>
        <translation>Invertieren</translation>
    </message>
    <message>
        <source>Last echo</source>
        <translation>Letztes Echo</translation>
    </message>
    <message>
        <source>Map over it</source>
        <translation>Karte darüber</translation>
    </message>
    <message>
        <source>No map</source>
        <translation>Keine Karte</translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation>Nichts</translation>
    </message>
    <message>
        <source>Plane</source>
        <translation>Ebene</translation>
    </message>
    <message>
        <source>Slab</source>
        <translation>Slab</translation>
    </message>
    <message>
        <source>Slab&apos;s thickness</source>
        <translation>Slab-Dicke</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Fenster</translation>
    </message>
</context>
<context>
    <name>StartWindow</name>
    <message>
        <source>A simulated study to try everything on</source>
        <translation>Eine simulierte Studie zum Ausprobieren</translation>
    </message>
    <message>
        <source>Blinded reader studies of iron-oxide-nanoparticle MRI</source>
        <translation>Verblindete Reader-Studien zur MRT mit Eisenoxid-Nanopartikeln</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Images …</source>
        <translation>Bilder …</translation>
    </message>
    <message>
        <source>Making the demo study, once: {what}</source>
        <translation>Demo-Studie wird einmalig erstellt: {what}</translation>
    </message>
    <message>
        <source>Making the demo study. This takes a minute, once.</source>
        <translation>Demo-Studie wird erstellt. Das dauert einmalig eine Minute.</translation>
    </message>
    <message>
        <source>Open a kit …</source>
        <translation>Kit öffnen …</translation>
    </message>
    <message>
        <source>Open a kit: the folder NAME.kit</source>
        <translation>Kit öffnen: der Ordner NAME.kit</translation>
    </message>
    <message>
        <source>Open the demo</source>
        <translation>Demo öffnen</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Scans to look through and map; they can be dropped here</source>
        <translation>Aufnahmen durchsehen und kartieren; sie lassen sich hier ablegen</translation>
    </message>
    <message>
        <source>Stopped; nothing half-made is left.</source>
        <translation>Abgebrochen; nichts Halbfertiges bleibt zurück.</translation>
    </message>
    <message>
        <source>The folder NAME.kit that your coordinator gave you</source>
        <translation>Der Ordner NAME.kit von Ihrer Studienkoordination</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Ansicht</translation>
    </message>
</context>
<context>
    <name>ToolsController</name>
    <message>
        <source>An outline needs at least three corners</source>
        <translation>Ein Umriss braucht mindestens drei Eckpunkte</translation>
    </message>
    <message>
        <source>Choose a finding first, then delete it</source>
        <translation>Erst einen Befund wählen, dann löschen</translation>
    </message>
    <message>
        <source>Close the outline on its own slice first (Enter), or drop it (Esc)</source>
        <translation>Umriss erst auf seiner Schicht schließen (Eingabe) oder verwerfen (Esc)</translation>
    </message>
    <message>
        <source>The outline holds no voxel&apos;s centre of the multi-echo series; draw it larger</source>
        <translation>Der Umriss enthält keine Voxelmitte der Multi-Echo-Serie; zeichnen Sie ihn größer</translation>
    </message>
    <message>
        <source>There is no {kind} region to remove</source>
        <translation>Es gibt keine {kind}-ROI zum Entfernen</translation>
    </message>
    <message>
        <source>This case is signed and cannot change any more</source>
        <translation>Dieser Fall ist signiert und lässt sich nicht mehr ändern</translation>
    </message>
    <message>
        <source>the pictures are not there yet; wait a moment</source>
        <translation>die Bilder sind noch nicht da; bitte warten Sie einen Moment</translation>
    </message>
</context>
<context>
    <name>TrialController</name>
    <message>
        <source>Preparing this fit: some seconds, once after installation …</source>
        <translation>Fit wird vorbereitet: einige Sekunden, einmal nach der Installation …</translation>
    </message>
    <message>
        <source>The study&apos;s map is shown until you change something</source>
        <translation>Bis Sie etwas ändern, wird die Karte der Studie gezeigt</translation>
    </message>
    <message>
        <source>{error}. The study&apos;s map is shown</source>
        <translation>{error}. Die Karte der Studie wird gezeigt</translation>
    </message>
</context>
<context>
    <name>TrialPanel</name>
    <message>
        <source>Back to the study&apos;s map</source>
        <translation>Zurück zur Karte der Studie</translation>
    </message>
    <message>
        <source>Back to the study&apos;s map (G)</source>
        <translation>Zurück zur Karte der Studie (G)</translation>
    </message>
    <message>
        <source>First echo of the trial fit</source>
        <translation>Erstes Echo des Probe-Fits</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>Last echo of the trial fit</source>
        <translation>Letztes Echo des Probe-Fits</translation>
    </message>
    <message>
        <source>Leave out the air, as the study&apos;s map does</source>
        <translation>Die Luft auslassen wie die Karte der Studie</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Methode</translation>
    </message>
    <message>
        <source>Method of the trial fit</source>
        <translation>Methode des Probe-Fits</translation>
    </message>
    <message>
        <source>Tissue only</source>
        <translation>Nur Gewebe</translation>
    </message>
    <message>
        <source>To</source>
        <translation>Bis</translation>
    </message>
    <message>
        <source>Trial fit</source>
        <translation>Probe-Fit</translation>
    </message>
    <message>
        <source>Trial fit – the study&apos;s map is what is recorded</source>
        <translation>Probe-Fit – festgehalten wird die Karte der Studie</translation>
    </message>
</context>
<context>
    <name>ViewsController</name>
    <message>
        <source>Reading the pictures of case {alias} …</source>
        <translation>Bilder von Fall {alias} werden gelesen …</translation>
    </message>
    <message>
        <source>This map is being made …</source>
        <translation>Diese Karte wird berechnet …</translation>
    </message>
</context>
<context>
    <name>VolumeController</name>
    <message>
        <source>Preparing the 3D picture …</source>
        <translation>3D-Bild wird vorbereitet …</translation>
    </message>
    <message>
        <source>Reading the pictures of case {alias} …</source>
        <translation>Bilder von Fall {alias} werden gelesen …</translation>
    </message>
</context>
<context>
    <name>VolumeGrey</name>
    <message>
        <source>Coarser: {factors} voxels in one</source>
        <translation>Gröber: {factors} Voxel in einem</translation>
    </message>
</context>
<context>
    <name>VolumePane</name>
    <message>
        <source>As at first	Home</source>
        <translation>Wie am Anfang	Pos1</translation>
    </message>
    <message>
        <source>Brightest of each ray, or a body with depth (V)</source>
        <translation>Hellster Wert je Strahl oder ein Körper mit Tiefe (V)</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>Stand at a side of the patient</source>
        <translation>Von einer Seite des Patienten blicken</translation>
    </message>
    <message>
        <source>Which picture to show</source>
        <translation>Welches Bild gezeigt wird</translation>
    </message>
    <message>
        <source>{pane}, MIP or volume</source>
        <translation>{pane}, MIP oder Volumen</translation>
    </message>
    <message>
        <source>{pane}, from which side</source>
        <translation>{pane}, von welcher Seite</translation>
    </message>
    <message>
        <source>{pane}, picture</source>
        <translation>{pane}, Bild</translation>
    </message>
    <message>
        <source>{pane}, which picture</source>
        <translation>{pane}, welches Bild</translation>
    </message>
    <message>
        <source>{pane}, {plane} cut</source>
        <translation>{pane}, Schnitt {plane}</translation>
    </message>
    <message>
        <source>{plane} cut ({key})
Page Up and Page Down move it, Shift+{key} swaps halves</source>
        <translation>Schnitt {plane} ({key})
Bild auf und Bild ab verschieben ihn, Umschalt+{key} tauscht die Hälften</translation>
    </message>
</context>
<context>
    <name>VolumeView</name>
    <message>
        <source>No 3D here: the library libEGL is missing; install libegl1</source>
        <translation>Kein 3D hier: die Bibliothek libEGL fehlt; installieren Sie libegl1</translation>
    </message>
    <message>
        <source>No 3D here: the package vtk cannot be loaded</source>
        <translation>Kein 3D hier: das Paket vtk lässt sich nicht laden</translation>
    </message>
    <message>
        <source>No 3D here: this machine offers no off-screen OpenGL 3.2</source>
        <translation>Kein 3D hier: dieser Rechner bietet kein OpenGL 3.2 ohne Bildschirm</translation>
    </message>
</context>
<context>
    <name>Worklist</name>
    <message>
        <source>Cases</source>
        <translation>Fälle</translation>
    </message>
    <message>
        <source>Cases signed</source>
        <translation>Signierte Fälle</translation>
    </message>
    <message>
        <source>{signed} of {all} signed</source>
        <translation>{signed} von {all} signiert</translation>
    </message>
</context>
<context>
    <name>WorklistModel</name>
    <message>
        <source>Case {alias}, {state}</source>
        <translation>Fall {alias}, {state}</translation>
    </message>
</context>
<context>
    <name>_EchoSlider</name>
    <message>
        <source>{slider}; Left and Right change it</source>
        <translation>{slider}; Links und Rechts ändern es</translation>
    </message>
</context>
</TS>
