<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE">
<context>
    <name></name>
    <message>
        <source> and </source>
        <translation> und </translation>
    </message>
    <message>
        <source>&apos;decimals&apos; should be 0 to {most}, not {value}</source>
        <translation>&apos;decimals&apos; sollte 0 bis {most} sein, nicht {value}</translation>
    </message>
    <message>
        <source>&apos;echo&apos; counts from 1 and belongs to the picture &apos;echoes&apos;</source>
        <translation>&apos;echo&apos; zählt ab 1 und gehört zum Bild &apos;echoes&apos;</translation>
    </message>
    <message>
        <source>&apos;least&apos; should be less than &apos;most&apos;, and {least} is not less than {most}</source>
        <translation>&apos;least&apos; sollte kleiner als &apos;most&apos; sein, und {least} ist nicht kleiner als {most}</translation>
    </message>
    <message>
        <source>&apos;most&apos;, the longest text, should be 1 to {most} characters, not {value}</source>
        <translation>&apos;most&apos;, der längste Text, sollte 1 bis {most} Zeichen sein, nicht {value}</translation>
    </message>
    <message>
        <source>&apos;washout_days&apos; should not be negative</source>
        <translation>&apos;washout_days&apos; sollte nicht negativ sein</translation>
    </message>
    <message>
        <source>&apos;window&apos; is for grey pictures; a map&apos;s colours have their range under &apos;maps&apos;</source>
        <translation>&apos;window&apos; ist für graue Bilder; die Farben einer Karte haben ihren Bereich unter &apos;maps&apos;</translation>
    </message>
    <message>
        <source>&apos;window&apos; should be two percentiles from 0 to 100, [black, white]</source>
        <translation>&apos;window&apos; sollten zwei Perzentile von 0 bis 100 sein, [schwarz, weiß]</translation>
    </message>
    <message>
        <source>+ and −</source>
        <translation>+ und −</translation>
    </message>
    <message>
        <source>0 to 9</source>
        <translation>0 bis 9</translation>
    </message>
    <message>
        <source>10 to 90 % of the contrast, in sectors; the figures in mm stand beside the outline</source>
        <translation>10 bis 90 % des Kontrasts, in Sektoren; die Zahlen in mm stehen neben dem Umriss</translation>
    </message>
    <message>
        <source>3D GRE</source>
        <translation>3D-GRE</translation>
    </message>
    <message>
        <source>3D gradient echo</source>
        <translation>3D-Gradientenecho</translation>
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
        <source>95 % from</source>
        <translation>95 % von</translation>
    </message>
    <message>
        <source>95 % interval ±</source>
        <translation>95-%-Intervall ±</translation>
    </message>
    <message>
        <source>95 % to</source>
        <translation>95 % bis</translation>
    </message>
    <message>
        <source>&lt; 3 mm found</source>
        <translation>&lt; 3 mm gefunden</translation>
    </message>
    <message>
        <source>&lt; 3 mm looked for</source>
        <translation>&lt; 3 mm gesucht</translation>
    </message>
    <message>
        <source>&lt; 3 mm, from</source>
        <translation>&lt; 3 mm, von</translation>
    </message>
    <message>
        <source>&lt; 3 mm, note</source>
        <translation>&lt; 3 mm, Hinweis</translation>
    </message>
    <message>
        <source>&lt; 3 mm, share</source>
        <translation>&lt; 3 mm, Anteil</translation>
    </message>
    <message>
        <source>&lt; 3 mm, to</source>
        <translation>&lt; 3 mm, bis</translation>
    </message>
    <message>
        <source>A calibration for every field turns R2* into iron; ICP-MS is what the maps are compared with. R2* without iron is taken from each subject&apos;s visit before the agent, in its tumour.</source>
        <translation>Eine Kalibrierung je Feldstärke macht aus R2* Eisen; mit ICP-MS werden die Karten verglichen. R2* ohne Eisen stammt aus der Untersuchung jedes Subjekts vor dem Kontrastmittel, aus seinem Tumor.</translation>
    </message>
    <message>
        <source>A kit holds all scans under aliases, in an order drawn for this reader and session, and nothing that tells whose they are. Give each reader that reader&apos;s own kit and no other.</source>
        <translation>Ein Kit enthält alle Scans unter Aliasnamen, in einer für diese Person und Sitzung gezogenen Reihenfolge, und nichts, was verrät, von wem sie sind. Geben Sie jeder Person nur ihr eigenes Kit.</translation>
    </message>
    <message>
        <source>ARLO needs three echoes or more; choose another method</source>
        <translation>ARLO braucht drei oder mehr Echos; wählen Sie eine andere Methode</translation>
    </message>
    <message>
        <source>AUC</source>
        <translation>AUC</translation>
    </message>
    <message>
        <source>AUC, SE</source>
        <translation>AUC, SE</translation>
    </message>
    <message>
        <source>AUC, from</source>
        <translation>AUC, von</translation>
    </message>
    <message>
        <source>AUC, to</source>
        <translation>AUC, bis</translation>
    </message>
    <message>
        <source>Ablation zone</source>
        <translation>Ablationszone</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <source>Active picture alone, or as before</source>
        <translation>Aktives Bild allein oder wie zuvor</translation>
    </message>
    <message>
        <source>Adjudicate</source>
        <translation>Schlichten</translation>
    </message>
    <message>
        <source>Adjusted p</source>
        <translation>Adjustiertes p</translation>
    </message>
    <message>
        <source>Against field</source>
        <translation>Gegen Feld</translation>
    </message>
    <message>
        <source>Agreement</source>
        <translation>Übereinstimmung</translation>
    </message>
    <message>
        <source>Agreement between readers, accuracy against the reference standard, iron against ICP-MS: every table as a CSV file, the main ones below.</source>
        <translation>Übereinstimmung der Befunder, Genauigkeit gegen den Referenzstandard, Eisen gegen ICP-MS: jede Tabelle als CSV-Datei, die wichtigsten unten.</translation>
    </message>
    <message>
        <source>Alias</source>
        <translation>Alias</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Analyse</source>
        <translation>Auswerten</translation>
    </message>
    <message>
        <source>Anatomy</source>
        <translation>Anatomie</translation>
    </message>
    <message>
        <source>And back again</source>
        <translation>Und wieder zurück</translation>
    </message>
    <message>
        <source>And show its place</source>
        <translation>Und die Stelle zeigen</translation>
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
        <source>Answers</source>
        <translation>Antworten</translation>
    </message>
    <message>
        <source>Answers expected</source>
        <translation>Erwartete Antworten</translation>
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
        <source>At risk</source>
        <translation>Unter Risiko</translation>
    </message>
    <message>
        <source>Audit trail …</source>
        <translation>Protokoll der Änderungen …</translation>
    </message>
    <message>
        <source>Audit trail…</source>
        <translation>Protokoll der Änderungen…</translation>
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
        <source>Begun</source>
        <translation>Begonnen</translation>
    </message>
    <message>
        <source>Bias index</source>
        <translation>Bias-Index</translation>
    </message>
    <message>
        <source>Binormal AUC</source>
        <translation>Binormale AUC</translation>
    </message>
    <message>
        <source>Binormal AUC, from</source>
        <translation>Binormale AUC, von</translation>
    </message>
    <message>
        <source>Binormal AUC, to</source>
        <translation>Binormale AUC, bis</translation>
    </message>
    <message>
        <source>Binormal a</source>
        <translation>Binormal a</translation>
    </message>
    <message>
        <source>Binormal b</source>
        <translation>Binormal b</translation>
    </message>
    <message>
        <source>Bland-Altman</source>
        <translation>Bland-Altman</translation>
    </message>
    <message>
        <source>Blinding</source>
        <translation>Verblindung</translation>
    </message>
    <message>
        <source>Blue</source>
        <translation>Blau</translation>
    </message>
    <message>
        <source>Bootstrap, from</source>
        <translation>Bootstrap, von</translation>
    </message>
    <message>
        <source>Bootstrap, method</source>
        <translation>Bootstrap, Methode</translation>
    </message>
    <message>
        <source>Bootstrap, note</source>
        <translation>Bootstrap, Hinweis</translation>
    </message>
    <message>
        <source>Bootstrap, to</source>
        <translation>Bootstrap, bis</translation>
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
        <source>Brush ∅</source>
        <translation>Pinsel ∅</translation>
    </message>
    <message>
        <source>Brushes are balls, growing, filling and margins go through slices</source>
        <translation>Pinsel sind Kugeln; Wachsen, Füllen und Abstände gehen durch Schichten</translation>
    </message>
    <message>
        <source>By animal, from</source>
        <translation>Nach Tieren, von</translation>
    </message>
    <message>
        <source>By animal, method</source>
        <translation>Nach Tieren, Methode</translation>
    </message>
    <message>
        <source>By animal, note</source>
        <translation>Nach Tieren, Hinweis</translation>
    </message>
    <message>
        <source>By animal, to</source>
        <translation>Nach Tieren, bis</translation>
    </message>
    <message>
        <source>By how much regions grow and shrink, and how wide a ring is</source>
        <translation>Um wie viel Regionen wachsen und schrumpfen, und wie breit ein Ring ist</translation>
    </message>
    <message>
        <source>CNR, SD</source>
        <translation>CNR, SD</translation>
    </message>
    <message>
        <source>CNR, mean</source>
        <translation>CNR, Mittel</translation>
    </message>
    <message>
        <source>CNR, n</source>
        <translation>CNR, n</translation>
    </message>
    <message>
        <source>CNR, noise</source>
        <translation>CNR, Rauschen</translation>
    </message>
    <message>
        <source>CR</source>
        <translation>CR</translation>
    </message>
    <message>
        <source>Calibration</source>
        <translation>Kalibrierung</translation>
    </message>
    <message>
        <source>Calls</source>
        <translation>Entscheide</translation>
    </message>
    <message>
        <source>Calls left out</source>
        <translation>Ausgelassene Entscheide</translation>
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
        <source>Case or subject</source>
        <translation>Fall oder Subjekt</translation>
    </message>
    <message>
        <source>Cases</source>
        <translation>Fälle</translation>
    </message>
    <message>
        <source>Cases left out</source>
        <translation>Ausgelassene Fälle</translation>
    </message>
    <message>
        <source>Categories</source>
        <translation>Kategorien</translation>
    </message>
    <message>
        <source>Centre, mm (left, posterior, superior)</source>
        <translation>Mitte, mm (links, hinten, oben)</translation>
    </message>
    <message>
        <source>Change of volume</source>
        <translation>Volumenänderung</translation>
    </message>
    <message>
        <source>Change the password…</source>
        <translation>Passwort ändern…</translation>
    </message>
    <message>
        <source>Change, SD, %</source>
        <translation>Änderung, SD, %</translation>
    </message>
    <message>
        <source>Change, mean, %</source>
        <translation>Änderung, Mittel, %</translation>
    </message>
    <message>
        <source>Change, n</source>
        <translation>Änderung, n</translation>
    </message>
    <message>
        <source>Chi²</source>
        <translation>Chi²</translation>
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
        <source>Click along an edge, the way between is found; the first click, Enter or a double click closes, Backspace takes a click back</source>
        <translation>An einem Rand entlang klicken, der Weg dazwischen wird gefunden; der erste Klick, Enter oder Doppelklick schließt, Rück nimmt einen Klick zurück</translation>
    </message>
    <message>
        <source>Click sets a lesion mark, drag moves one</source>
        <translation>Klick setzt eine Läsionsmarke, Ziehen verschiebt eine</translation>
    </message>
    <message>
        <source>Click sets a lymph node mark, drag moves one</source>
        <translation>Klick setzt eine Lymphknotenmarke, Ziehen verschiebt eine</translation>
    </message>
    <message>
        <source>Click sets a mark, drag moves it</source>
        <translation>Klick setzt eine Markierung, Ziehen verschiebt sie</translation>
    </message>
    <message>
        <source>Click: all pictures show the same place</source>
        <translation>Klick: alle Bilder zeigen dieselbe Stelle</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close the outline, take its last corner back, drop it</source>
        <translation>Umriss schließen, Ecke zurück, verwerfen</translation>
    </message>
    <message>
        <source>Close; everything is saved already</source>
        <translation>Schließen; alles ist schon gespeichert</translation>
    </message>
    <message>
        <source>Coefficient</source>
        <translation>Koeffizient</translation>
    </message>
    <message>
        <source>Collect</source>
        <translation>Einsammeln</translation>
    </message>
    <message>
        <source>Collected</source>
        <translation>Eingesammelt</translation>
    </message>
    <message>
        <source>Compare by a divider</source>
        <translation>Mit Trennlinie vergleichen</translation>
    </message>
    <message>
        <source>Comparison</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>Comparisons</source>
        <translation>Vergleiche</translation>
    </message>
    <message>
        <source>Consensus volume, mm³</source>
        <translation>Konsensvolumen, mm³</translation>
    </message>
    <message>
        <source>Coordinator</source>
        <translation>Koordination</translation>
    </message>
    <message>
        <source>Copy the list</source>
        <translation>Liste kopieren</translation>
    </message>
    <message>
        <source>Copy to the next slice</source>
        <translation>In die nächste Schicht kopieren</translation>
    </message>
    <message>
        <source>Copy to the previous slice</source>
        <translation>In die vorige Schicht kopieren</translation>
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
        <source>Correct a signed case…</source>
        <translation>Signierten Fall berichtigen…</translation>
    </message>
    <message>
        <source>Counted in</source>
        <translation>Gezählt in</translation>
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
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Dark tissue (0 to 80 %)</source>
        <translation>Dunkles Gewebe (0 bis 80 %)</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Datum</translation>
    </message>
    <message>
        <source>Deal kits</source>
        <translation>Kits ausgeben</translation>
    </message>
    <message>
        <source>Dealt (UTC)</source>
        <translation>Ausgegeben (UTC)</translation>
    </message>
    <message>
        <source>Delete the chosen ruler</source>
        <translation>Gewähltes Lineal löschen</translation>
    </message>
    <message>
        <source>Delete the selected finding</source>
        <translation>Gewählten Befund löschen</translation>
    </message>
    <message>
        <source>Detection</source>
        <translation>Entdeckung</translation>
    </message>
    <message>
        <source>Diameter of the brush</source>
        <translation>Durchmesser des Pinsels</translation>
    </message>
    <message>
        <source>Diameter, mm</source>
        <translation>Durchmesser, mm</translation>
    </message>
    <message>
        <source>Dice</source>
        <translation>Dice</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Differenz</translation>
    </message>
    <message>
        <source>Difference of AUC</source>
        <translation>AUC-Differenz</translation>
    </message>
    <message>
        <source>Difference of volume, %</source>
        <translation>Volumendifferenz, %</translation>
    </message>
    <message>
        <source>Distance</source>
        <translation>Abstand</translation>
    </message>
    <message>
        <source>Do not know</source>
        <translation>Weiß nicht</translation>
    </message>
    <message>
        <source>Draw a lymph node</source>
        <translation>Einen Lymphknoten zeichnen</translation>
    </message>
    <message>
        <source>Draw anything else</source>
        <translation>Etwas anderes zeichnen</translation>
    </message>
    <message>
        <source>Draw from one edge to the other, drag an end to change it</source>
        <translation>Von Rand zu Rand ziehen, ein Ende ziehen ändert</translation>
    </message>
    <message>
        <source>Draw from one edge to the other; the ends can be dragged</source>
        <translation>Von Rand zu Rand ziehen; die Enden lassen sich ziehen</translation>
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
        <source>Draw round the region with the button held</source>
        <translation>Bei gedrückter Taste um die ROI herum zeichnen</translation>
    </message>
    <message>
        <source>Draw the ellipse from corner to corner; its four ends can be dragged</source>
        <translation>Die Ellipse von Ecke zu Ecke aufziehen; ihre vier Enden lassen sich ziehen</translation>
    </message>
    <message>
        <source>Draw the tumour</source>
        <translation>Tumor einzeichnen</translation>
    </message>
    <message>
        <source>Draw what surrounds a tumour</source>
        <translation>Zeichnen, was einen Tumor umgibt</translation>
    </message>
    <message>
        <source>Draw what was ablated</source>
        <translation>Zeichnen, was abladiert wurde</translation>
    </message>
    <message>
        <source>Drop a folder, files or a zip here, or choose a folder (Ctrl+O)</source>
        <translation>Ordner, Dateien oder Zip hier ablegen oder einen Ordner wählen (Strg+O)</translation>
    </message>
    <message>
        <source>Each scan needs one multi-echo series; a spin echo is taken as its anatomy and a 3D gradient echo for 3D. Where that is wrong, choose others below. Then the scans are added and mapped.</source>
        <translation>Jeder Scan braucht eine Multi-Echo-Serie; ein Spinecho gilt als Anatomie, ein 3D-Gradientenecho dient für 3D. Wo das nicht stimmt, wählen Sie unten andere. Dann werden die Scans aufgenommen und ihre Karten berechnet.</translation>
    </message>
    <message>
        <source>Echo times, ms</source>
        <translation>Echozeiten, ms</translation>
    </message>
    <message>
        <source>EchoTime in {name} has to be in seconds; {value} looks like milliseconds</source>
        <translation>EchoTime in {name} muss in Sekunden sein; {value} sieht nach Millisekunden aus</translation>
    </message>
    <message>
        <source>EchoTime in {name} is not a number or a list of numbers</source>
        <translation>EchoTime in {name} ist keine Zahl und keine Liste von Zahlen</translation>
    </message>
    <message>
        <source>EchoTime in {name} lists {count} times for {volumes} volumes</source>
        <translation>EchoTime in {name} nennt {count} Zeiten für {volumes} Volumen</translation>
    </message>
    <message>
        <source>Edge width</source>
        <translation>Kantenbreite</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>Ellipse</source>
        <translation>Ellipse</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Enter, Backspace, Esc</source>
        <translation>Enter, Rücktaste, Esc</translation>
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
        <source>Everything answered, marked and measured, and what is missing</source>
        <translation>Alles, was beantwortet, markiert und gemessen ist, und was fehlt</translation>
    </message>
    <message>
        <source>Expected by chance</source>
        <translation>Zufällig erwartet</translation>
    </message>
    <message>
        <source>False marks</source>
        <translation>Falsche Marken</translation>
    </message>
    <message>
        <source>False marks per case</source>
        <translation>Falsche Marken je Fall</translation>
    </message>
    <message>
        <source>False negative</source>
        <translation>Falsch negativ</translation>
    </message>
    <message>
        <source>False positive</source>
        <translation>Falsch positiv</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>Feld</translation>
    </message>
    <message>
        <source>Field, T</source>
        <translation>Feld, T</translation>
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
        <source>Fill holes</source>
        <translation>Löcher füllen</translation>
    </message>
    <message>
        <source>Find series in a picture archive (PACS) and import them</source>
        <translation>Serien in einem Bildarchiv (PACS) suchen und holen</translation>
    </message>
    <message>
        <source>First</source>
        <translation>Erstes</translation>
    </message>
    <message>
        <source>First and last slice</source>
        <translation>Erste und letzte Schicht</translation>
    </message>
    <message>
        <source>First volume, mm³</source>
        <translation>Erstes Volumen, mm³</translation>
    </message>
    <message>
        <source>Fit pictures</source>
        <translation>Bilder einpassen</translation>
    </message>
    <message>
        <source>Flag the case for a query</source>
        <translation>Rückfrage kennzeichnen</translation>
    </message>
    <message>
        <source>Flagged</source>
        <translation>Gekennzeichnet</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>For R2*</source>
        <translation>Für R2*</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>Gefunden</translation>
    </message>
    <message>
        <source>Found in</source>
        <translation>Gefunden in</translation>
    </message>
    <message>
        <source>Four pictures</source>
        <translation>Vier Bilder</translation>
    </message>
    <message>
        <source>Free response</source>
        <translation>Free Response</translation>
    </message>
    <message>
        <source>Freehand</source>
        <translation>Freihand</translation>
    </message>
    <message>
        <source>From an archive …</source>
        <translation>Aus einem Archiv …</translation>
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
        <source>Grey</source>
        <translation>Grau</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>Gruppe</translation>
    </message>
    <message>
        <source>Group or visit guessed</source>
        <translation>Geratene Gruppe, geratener Zeitpunkt</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>Gruppen</translation>
    </message>
    <message>
        <source>Groups and visits</source>
        <translation>Gruppen und Zeitpunkte</translation>
    </message>
    <message>
        <source>Grow by the distance</source>
        <translation>Um den Abstand vergrößern</translation>
    </message>
    <message>
        <source>Grow from a click</source>
        <translation>Von einem Klick aus wachsen</translation>
    </message>
    <message>
        <source>Guessed</source>
        <translation>Geraten</translation>
    </message>
    <message>
        <source>Guessed after a look</source>
        <translation>Nach Einsicht geraten</translation>
    </message>
    <message>
        <source>Hausdorff 95 %, mm</source>
        <translation>Hausdorff 95 %, mm</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Hilfe</translation>
    </message>
    <message>
        <source>Hide or show the active region</source>
        <translation>Aktive ROI aus- oder einblenden</translation>
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
        <source>How far from the click a region may grow</source>
        <translation>Wie weit vom Klick eine ROI wachsen darf</translation>
    </message>
    <message>
        <source>How far values may lie from the middle, in SD</source>
        <translation>Wie weit Werte von der Mitte liegen dürfen, in SD</translation>
    </message>
    <message>
        <source>How many cases each reader has begun and signed. Answers are not shown, here or elsewhere, before the analysis.</source>
        <translation>Wie viele Fälle jede Person begonnen und signiert hat. Antworten werden vor der Auswertung nicht gezeigt, hier nicht und nirgends sonst.</translation>
    </message>
    <message>
        <source>How near a kappa or an AUC will be known with so many cases and readers. Cases of one subject tell less than as many of different subjects: count subjects where scans of one are much alike.</source>
        <translation>Wie genau sich ein Kappa oder eine AUC mit so vielen Fällen und Befundern bestimmen lässt. Fälle eines Subjekts sagen weniger als ebenso viele von verschiedenen: Zählen Sie Subjekte, wo die Scans eines Subjekts sich sehr gleichen.</translation>
    </message>
    <message>
        <source>I have read this case on my own, by the protocol, from the pictures under this alias; what is answered, marked, drawn and measured in it is mine and final.</source>
        <translation>Ich habe diesen Fall allein, nach dem Protokoll und anhand der Bilder unter diesem Alias befundet; was darin beantwortet, markiert, eingezeichnet und gemessen ist, ist meines und endgültig.</translation>
    </message>
    <message>
        <source>ICP-MS of {subject} names the visit {visit}, and its scans are of {visits}; correct one of them</source>
        <translation>die ICP-MS von {subject} nennt den Zeitpunkt {visit}, und seine Scans sind von {visits}; berichtigen Sie eines davon</translation>
    </message>
    <message>
        <source>ICP-MS, SD, µg/g</source>
        <translation>ICP-MS, SD, µg/g</translation>
    </message>
    <message>
        <source>ICP-MS, left out</source>
        <translation>ICP-MS, ausgelassen</translation>
    </message>
    <message>
        <source>ICP-MS, mean, µg/g</source>
        <translation>ICP-MS, Mittel, µg/g</translation>
    </message>
    <message>
        <source>ICP-MS, n</source>
        <translation>ICP-MS, n</translation>
    </message>
    <message>
        <source>ICP-MS, µg/g</source>
        <translation>ICP-MS, µg/g</translation>
    </message>
    <message>
        <source>If it is</source>
        <translation>Bei</translation>
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
        <source>Index</source>
        <translation>Index</translation>
    </message>
    <message>
        <source>Instances</source>
        <translation>Instanzen</translation>
    </message>
    <message>
        <source>Interpolate between slices</source>
        <translation>Zwischen Schichten interpolieren</translation>
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
        <source>Iron map</source>
        <translation>Eisenkarte</translation>
    </message>
    <message>
        <source>It opens again, with a reason; what was signed stays readable</source>
        <translation>Er öffnet sich wieder, mit einem Grund; was signiert war, bleibt lesbar</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Jaccard</source>
        <translation>Jaccard</translation>
    </message>
    <message>
        <source>Kappa</source>
        <translation>Kappa</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Kit</source>
        <translation>Kit</translation>
    </message>
    <message>
        <source>Kits dealt</source>
        <translation>Ausgegebene Kits</translation>
    </message>
    <message>
        <source>Landis, Koch</source>
        <translation>Landis, Koch</translation>
    </message>
    <message>
        <source>Larger brush</source>
        <translation>Größerer Pinsel</translation>
    </message>
    <message>
        <source>Largest kappa</source>
        <translation>Größtes Kappa</translation>
    </message>
    <message>
        <source>Last log-in (UTC)</source>
        <translation>Letzte Anmeldung (UTC)</translation>
    </message>
    <message>
        <source>Least</source>
        <translation>Kleinstes</translation>
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
        <source>Left out</source>
        <translation>Ausgelassen</translation>
    </message>
    <message>
        <source>Lesions</source>
        <translation>Läsionen</translation>
    </message>
    <message>
        <source>Level trace</source>
        <translation>Gleiche Helligkeit</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Light theme</source>
        <translation>Helles Aussehen</translation>
    </message>
    <message>
        <source>Live wire</source>
        <translation>Draht am Rand</translation>
    </message>
    <message>
        <source>Lock now</source>
        <translation>Jetzt sperren</translation>
    </message>
    <message>
        <source>Lock or unlock the active region</source>
        <translation>Aktive ROI sperren oder freigeben</translation>
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
        <source>Long and short axis</source>
        <translation>Lange und kurze Achse</translation>
    </message>
    <message>
        <source>Look from a side; arrows turn, V MIP or volume</source>
        <translation>Blick von einer Seite; Pfeile drehen, V MIP/Volumen</translation>
    </message>
    <message>
        <source>Look, mouse and keys</source>
        <translation>Aussehen, Maus und Tasten</translation>
    </message>
    <message>
        <source>Lowest (MinIP)</source>
        <translation>Niedrigster (MinIP)</translation>
    </message>
    <message>
        <source>MR Solutions writes echo times in seconds; turned into ms where they are</source>
        <translation>MR Solutions schreibt Echozeiten in Sekunden; wo das so ist, in ms umgerechnet</translation>
    </message>
    <message>
        <source>MRI and ICP-MS</source>
        <translation>MRT und ICP-MS</translation>
    </message>
    <message>
        <source>MRI, SD, µg/g</source>
        <translation>MRT, SD, µg/g</translation>
    </message>
    <message>
        <source>MRI, below limit</source>
        <translation>MRT, unter Grenze</translation>
    </message>
    <message>
        <source>MRI, left out</source>
        <translation>MRT, ausgelassen</translation>
    </message>
    <message>
        <source>MRI, mean, µg/g</source>
        <translation>MRT, Mittel, µg/g</translation>
    </message>
    <message>
        <source>MRI, n</source>
        <translation>MRT, n</translation>
    </message>
    <message>
        <source>Made for</source>
        <translation>Erstellt für</translation>
    </message>
    <message>
        <source>Magnitude</source>
        <translation>Magnitude</translation>
    </message>
    <message>
        <source>Malignant</source>
        <translation>Maligne</translation>
    </message>
    <message>
        <source>Map R2*</source>
        <translation>R2*-Karte</translation>
    </message>
    <message>
        <source>Margin, SD</source>
        <translation>Rand, SD</translation>
    </message>
    <message>
        <source>Margin, mean</source>
        <translation>Rand, Mittel</translation>
    </message>
    <message>
        <source>Margin, n</source>
        <translation>Rand, n</translation>
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
        <source>McNemar by animal, chi²</source>
        <translation>McNemar nach Tieren, Chi²</translation>
    </message>
    <message>
        <source>McNemar by animal, p</source>
        <translation>McNemar nach Tieren, p</translation>
    </message>
    <message>
        <source>McNemar, chi²</source>
        <translation>McNemar, Chi²</translation>
    </message>
    <message>
        <source>McNemar, exact p</source>
        <translation>McNemar, exaktes p</translation>
    </message>
    <message>
        <source>McNemar, note</source>
        <translation>McNemar, Hinweis</translation>
    </message>
    <message>
        <source>McNemar, p</source>
        <translation>McNemar, p</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>Mittelwert</translation>
    </message>
    <message>
        <source>Mean distance, mm</source>
        <translation>Mittlerer Abstand, mm</translation>
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
        <source>Median</source>
        <translation>Median</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Methode</translation>
    </message>
    <message>
        <source>Modality</source>
        <translation>Modalität</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Most</source>
        <translation>Größtes</translation>
    </message>
    <message>
        <source>Move the cross-hair, use the tool there</source>
        <translation>Fadenkreuz verschieben, dort das Werkzeug benutzen</translation>
    </message>
    <message>
        <source>Move the picture</source>
        <translation>Bild verschieben</translation>
    </message>
    <message>
        <source>Multi-echo</source>
        <translation>Multi-Echo</translation>
    </message>
    <message>
        <source>NPV</source>
        <translation>NPV</translation>
    </message>
    <message>
        <source>NPV, from</source>
        <translation>NPV, von</translation>
    </message>
    <message>
        <source>NPV, to</source>
        <translation>NPV, bis</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Name every scan: where its pictures lie, and its subject, group, visit and field. A folder without a manifest is looked through and its names are proposed: check them.</source>
        <translation>Nennen Sie jeden Scan: wo seine Bilder liegen, Subjekt, Gruppe, Zeitpunkt und Feldstärke. Ein Ordner ohne Manifest wird durchsucht, seine Namen werden vorgeschlagen: Prüfen Sie sie.</translation>
    </message>
    <message>
        <source>Name those who will read. A reader&apos;s name stands in that reader&apos;s own kit and nowhere in another&apos;s: no reader learns who else reads.</source>
        <translation>Nennen Sie, wer befundet. Ein Name steht nur im eigenen Kit und in keinem anderen: Niemand erfährt, wer sonst noch befundet.</translation>
    </message>
    <message>
        <source>Name whoever works at the study. From the first one on, a coordinator, everybody logs in, does what their role may, and stands in the audit trail. Readers log in to their kits.</source>
        <translation>Nennen Sie, wer an der Studie arbeitet. Von der ersten Person an, der Koordination, melden sich alle an, tun, was ihre Rolle darf, und stehen im Protokoll der Änderungen. Befunder melden sich an ihren Kits an.</translation>
    </message>
    <message>
        <source>Navigate</source>
        <translation>Navigieren</translation>
    </message>
    <message>
        <source>Negative</source>
        <translation>Negativ</translation>
    </message>
    <message>
        <source>New study …</source>
        <translation>Neue Studie …</translation>
    </message>
    <message>
        <source>Next case</source>
        <translation>Nächster Fall</translation>
    </message>
    <message>
        <source>Next disagreement</source>
        <translation>Nächste Abweichung</translation>
    </message>
    <message>
        <source>Next echo</source>
        <translation>Nächstes Echo</translation>
    </message>
    <message>
        <source>Next finding</source>
        <translation>Nächster Befund</translation>
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
        <source>Next region</source>
        <translation>Nächste ROI</translation>
    </message>
    <message>
        <source>Next slab</source>
        <translation>Nächster Slab</translation>
    </message>
    <message>
        <source>Next step</source>
        <translation>Nächster Schritt</translation>
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
        <source>No.</source>
        <translation>Nr.</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>Lymphknoten</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>Luft</translation>
    </message>
    <message>
        <source>Noise (air)</source>
        <translation>Luft</translation>
    </message>
    <message>
        <source>Not signed</source>
        <translation>Nicht signiert</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>Note on the case</source>
        <translation>Notiz zum Fall</translation>
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
        <source>Observed</source>
        <translation>Beobachtet</translation>
    </message>
    <message>
        <source>One large and three small</source>
        <translation>Ein großes und drei kleine</translation>
    </message>
    <message>
        <source>One more region</source>
        <translation>Noch eine ROI</translation>
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
        <source>Only first positive</source>
        <translation>Nur erstes positiv</translation>
    </message>
    <message>
        <source>Only second positive</source>
        <translation>Nur zweites positiv</translation>
    </message>
    <message>
        <source>Open a kit …</source>
        <translation>Kit öffnen …</translation>
    </message>
    <message>
        <source>Open a study …</source>
        <translation>Studie öffnen …</translation>
    </message>
    <message>
        <source>Open the demo</source>
        <translation>Demo öffnen</translation>
    </message>
    <message>
        <source>Open …</source>
        <translation>Öffnen …</translation>
    </message>
    <message>
        <source>Orange</source>
        <translation>Orange</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>Anderes</translation>
    </message>
    <message>
        <source>Outline by corners; double click, Enter or the first corner closes, Backspace takes a corner back, Esc drops it</source>
        <translation>Mit Eckpunkten umfahren; Doppelklick, Enter oder der erste Eckpunkt schließt, Rücktaste nimmt einen Eckpunkt zurück, Esc verwirft</translation>
    </message>
    <message>
        <source>PD</source>
        <translation>PD</translation>
    </message>
    <message>
        <source>PPV</source>
        <translation>PPV</translation>
    </message>
    <message>
        <source>PPV, from</source>
        <translation>PPV, von</translation>
    </message>
    <message>
        <source>PPV, to</source>
        <translation>PPV, bis</translation>
    </message>
    <message>
        <source>PR</source>
        <translation>PR</translation>
    </message>
    <message>
        <source>Page Up, Page Down</source>
        <translation>Bild auf, Bild ab</translation>
    </message>
    <message>
        <source>Paint only what looks like where the brush is set down</source>
        <translation>Nur malen, was aussieht wie dort, wo der Pinsel ansetzt</translation>
    </message>
    <message>
        <source>Paint the region; [ and ] or the wheel with Shift change the size</source>
        <translation>Die ROI malen; [ und ] oder das Rad mit Umschalt ändern die Größe</translation>
    </message>
    <message>
        <source>Patient</source>
        <translation>Patient</translation>
    </message>
    <message>
        <source>People</source>
        <translation>Personen</translation>
    </message>
    <message>
        <source>Phase</source>
        <translation>Phase</translation>
    </message>
    <message>
        <source>Physicist</source>
        <translation>Physik</translation>
    </message>
    <message>
        <source>Pink</source>
        <translation>Rosa</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Platz</translation>
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
        <source>Positive</source>
        <translation>Positiv</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>Präzision</translation>
    </message>
    <message>
        <source>Press in the region; up and down with the button held widens and narrows the range</source>
        <translation>In die ROI drücken; auf und ab mit gedrückter Taste weitet und engt den Bereich</translation>
    </message>
    <message>
        <source>Prevalence index</source>
        <translation>Prävalenzindex</translation>
    </message>
    <message>
        <source>Previous case</source>
        <translation>Voriger Fall</translation>
    </message>
    <message>
        <source>Previous disagreement</source>
        <translation>Vorige Abweichung</translation>
    </message>
    <message>
        <source>Previous echo</source>
        <translation>Voriges Echo</translation>
    </message>
    <message>
        <source>Previous finding</source>
        <translation>Voriger Befund</translation>
    </message>
    <message>
        <source>Previous region</source>
        <translation>Vorige ROI</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Progressed</source>
        <translation>Progredient</translation>
    </message>
    <message>
        <source>Progression</source>
        <translation>Progression</translation>
    </message>
    <message>
        <source>Propose air</source>
        <translation>Luft vorschlagen</translation>
    </message>
    <message>
        <source>Propose reference tissue</source>
        <translation>Referenzgewebe vorschlagen</translation>
    </message>
    <message>
        <source>Protocol</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Purple</source>
        <translation>Violett</translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation>Kennzahl</translation>
    </message>
    <message>
        <source>Query</source>
        <translation>Rückfrage</translation>
    </message>
    <message>
        <source>R2* error</source>
        <translation>R2*-Fehler</translation>
    </message>
    <message>
        <source>R2* needs two echoes or more; this series has one</source>
        <translation>R2* braucht zwei oder mehr Echos; diese Serie hat eines</translation>
    </message>
    <message>
        <source>ROC curves</source>
        <translation>ROC-Kurven</translation>
    </message>
    <message>
        <source>Radiology PACS</source>
        <translation>Radiologie-PACS</translation>
    </message>
    <message>
        <source>Range ±</source>
        <translation>Bereich ±</translation>
    </message>
    <message>
        <source>Reader</source>
        <translation>Befunder</translation>
    </message>
    <message>
        <source>Readers</source>
        <translation>Befunder</translation>
    </message>
    <message>
        <source>Readings</source>
        <translation>Befundungen</translation>
    </message>
    <message>
        <source>Real part</source>
        <translation>Realteil</translation>
    </message>
    <message>
        <source>Records</source>
        <translation>Einträge</translation>
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
        <source>Region</source>
        <translation>ROI</translation>
    </message>
    <message>
        <source>Regions</source>
        <translation>ROIs</translation>
    </message>
    <message>
        <source>Regions, all cases</source>
        <translation>ROIs, alle Fälle</translation>
    </message>
    <message>
        <source>Regions, case by case</source>
        <translation>ROIs, Fall für Fall</translation>
    </message>
    <message>
        <source>Regions, consensus</source>
        <translation>ROIs, Konsens</translation>
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
        <source>Right</source>
        <translation>Richtig</translation>
    </message>
    <message>
        <source>Ring</source>
        <translation>Ring</translation>
    </message>
    <message>
        <source>Ring as wide as the distance</source>
        <translation>Ring in der Breite des Abstands</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>Rolle</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>Regel</translation>
    </message>
    <message>
        <source>Ruler</source>
        <translation>Lineal</translation>
    </message>
    <message>
        <source>SD</source>
        <translation>SD</translation>
    </message>
    <message>
        <source>SD (stable)</source>
        <translation>SD (stabil)</translation>
    </message>
    <message>
        <source>SE</source>
        <translation>SE</translation>
    </message>
    <message>
        <source>SE by animal</source>
        <translation>SE nach Tieren</translation>
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
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Save as …</source>
        <translation>Speichern unter …</translation>
    </message>
    <message>
        <source>Save maps …</source>
        <translation>Karten speichern …</translation>
    </message>
    <message>
        <source>Scan</source>
        <translation>Scan</translation>
    </message>
    <message>
        <source>Scanner</source>
        <translation>Scanner</translation>
    </message>
    <message>
        <source>Scans</source>
        <translation>Scans</translation>
    </message>
    <message>
        <source>Scans of these subjects come first, with feedback, where the protocol asks for training; they are never among what is analysed. A study does without if none is named.</source>
        <translation>Scans dieser Subjekte kommen zuerst, mit Rückmeldung, wo das Protokoll Training verlangt; ausgewertet werden sie nie. Ist keines genannt, geht es ohne.</translation>
    </message>
    <message>
        <source>Scroll through the slices</source>
        <translation>Durch die Schichten blättern</translation>
    </message>
    <message>
        <source>Second</source>
        <translation>Zweites</translation>
    </message>
    <message>
        <source>Second moment</source>
        <translation>Zweites Moment</translation>
    </message>
    <message>
        <source>Second volume, mm³</source>
        <translation>Zweites Volumen, mm³</translation>
    </message>
    <message>
        <source>Sensitivity</source>
        <translation>Sensitivität</translation>
    </message>
    <message>
        <source>Sensitivity, from</source>
        <translation>Sensitivität, von</translation>
    </message>
    <message>
        <source>Sensitivity, to</source>
        <translation>Sensitivität, bis</translation>
    </message>
    <message>
        <source>Series</source>
        <translation>Serie</translation>
    </message>
    <message>
        <source>Session</source>
        <translation>Sitzung</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>Einstellungen…</translation>
    </message>
    <message>
        <source>Several readers, several fields</source>
        <translation>Mehrere Befunder und Felder</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>Umschalt</translation>
    </message>
    <message>
        <source>Shift + arrows, Space</source>
        <translation>Umschalt + Pfeile, Leertaste</translation>
    </message>
    <message>
        <source>Shown dashed; Enter or the same key takes it, Esc refuses it</source>
        <translation>Wird gestrichelt gezeigt; Enter oder dieselbe Taste übernimmt, Esc verwirft</translation>
    </message>
    <message>
        <source>Shows</source>
        <translation>Zeigt</translation>
    </message>
    <message>
        <source>Shrink by the distance</source>
        <translation>Um den Abstand verkleinern</translation>
    </message>
    <message>
        <source>Signal</source>
        <translation>Signal</translation>
    </message>
    <message>
        <source>Signature</source>
        <translation>Signatur</translation>
    </message>
    <message>
        <source>Signed</source>
        <translation>Signiert</translation>
    </message>
    <message>
        <source>Signed readings are taken out of kits that came back, after the kit&apos;s chain, signatures and pictures were checked. A kit can be collected again as its reader goes on.</source>
        <translation>Signierte Befundungen werden aus zurückgekommenen Kits übernommen, nachdem Kette, Signaturen und Bilder geprüft sind. Ein Kit lässt sich wieder einsammeln, wenn weiter befundet wurde.</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größenklasse</translation>
    </message>
    <message>
        <source>Size of the brush; without one, scroll</source>
        <translation>Größe des Pinsels; ohne Pinsel blättern</translation>
    </message>
    <message>
        <source>Size of the brush; without one, the echo</source>
        <translation>Größe des Pinsels; ohne Pinsel das Echo</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>Übersprungen</translation>
    </message>
    <message>
        <source>Sky blue</source>
        <translation>Himmelblau</translation>
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
        <source>Source</source>
        <translation>Quelle</translation>
    </message>
    <message>
        <source>Spacing, mm</source>
        <translation>Abstand, mm</translation>
    </message>
    <message>
        <source>Specificity</source>
        <translation>Spezifität</translation>
    </message>
    <message>
        <source>Specificity, from</source>
        <translation>Spezifität, von</translation>
    </message>
    <message>
        <source>Specificity, to</source>
        <translation>Spezifität, bis</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Stand</translation>
    </message>
    <message>
        <source>Statistic</source>
        <translation>Statistik</translation>
    </message>
    <message>
        <source>Statistician</source>
        <translation>Statistik</translation>
    </message>
    <message>
        <source>Steep (5 to 95 %)</source>
        <translation>Steil (5 bis 95 %)</translation>
    </message>
    <message>
        <source>Step before</source>
        <translation>Voriger Schritt</translation>
    </message>
    <message>
        <source>Study</source>
        <translation>Studie</translation>
    </message>
    <message>
        <source>Subject</source>
        <translation>Subjekt</translation>
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
        <source>Table 1a</source>
        <translation>Tabelle 1a</translation>
    </message>
    <message>
        <source>Table 1b</source>
        <translation>Tabelle 1b</translation>
    </message>
    <message>
        <source>Table 2</source>
        <translation>Tabelle 2</translation>
    </message>
    <message>
        <source>Table 3</source>
        <translation>Tabelle 3</translation>
    </message>
    <message>
        <source>Take from the region; [ and ] or the wheel with Shift change the size</source>
        <translation>Von der ROI wegnehmen; [ und ] oder das Rad mit Umschalt ändern die Größe</translation>
    </message>
    <message>
        <source>Take the current answer back</source>
        <translation>Aktuelle Antwort löschen</translation>
    </message>
    <message>
        <source>Take the measured value over</source>
        <translation>Messwert übernehmen</translation>
    </message>
    <message>
        <source>Taken before</source>
        <translation>Schon früher</translation>
    </message>
    <message>
        <source>Taken now</source>
        <translation>Jetzt übernommen</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>Ziel</translation>
    </message>
    <message>
        <source>Targets</source>
        <translation>Ziele</translation>
    </message>
    <message>
        <source>Teal</source>
        <translation>Petrol</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Test</translation>
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
        <source>The key says which scan stands behind each alias. It is given with the coordinator&apos;s password and a reason, and that is recorded. The analysis does not need it: it unblinds the study by itself.</source>
        <translation>Der Schlüssel sagt, welcher Scan hinter jedem Alias steht. Es gibt ihn mit dem Passwort der Studienkoordination und einem Grund, und das wird festgehalten. Die Auswertung braucht ihn nicht: Sie entblindet selbst.</translation>
    </message>
    <message>
        <source>The line of equal brightness under the pointer; click takes it</source>
        <translation>Die Linie gleicher Helligkeit unter dem Zeiger; Klick nimmt sie</translation>
    </message>
    <message>
        <source>The next drawing begins one more region of the kind</source>
        <translation>Die nächste Zeichnung beginnt noch eine ROI dieser Art</translation>
    </message>
    <message>
        <source>The reference standard: every tumour, lesion and node that histology knows, with its kind, malignancy, size and place. Readers are judged by it and never see it.</source>
        <translation>Der Referenzstandard: jeder Tumor, jede Läsion und jeder Lymphknoten, den die Histologie kennt, mit Art, Dignität, Größe und Ort. An ihm werden Befunder gemessen, und sie sehen ihn nie.</translation>
    </message>
    <message>
        <source>Third reader</source>
        <translation>Dritte Person</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>Schwelle</translation>
    </message>
    <message>
        <source>Threshold brush</source>
        <translation>Schwellenpinsel</translation>
    </message>
    <message>
        <source>Through slices</source>
        <translation>Durch Schichten</translation>
    </message>
    <message>
        <source>Time, h</source>
        <translation>Zeit, h</translation>
    </message>
    <message>
        <source>To do</source>
        <translation>Zu tun</translation>
    </message>
    <message>
        <source>To the next question</source>
        <translation>Zur nächsten Frage</translation>
    </message>
    <message>
        <source>Told</source>
        <translation>Angaben</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>Werkzeuge</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>Trial fit</source>
        <translation>Probefit</translation>
    </message>
    <message>
        <source>True negative</source>
        <translation>Richtig negativ</translation>
    </message>
    <message>
        <source>True positive</source>
        <translation>Richtig positiv</translation>
    </message>
    <message>
        <source>Tumour</source>
        <translation>Tumor</translation>
    </message>
    <message>
        <source>Turn; point, or look from a face of the cube</source>
        <translation>Drehen; zeigen, Blick von einer Würfelseite</translation>
    </message>
    <message>
        <source>Two pictures</source>
        <translation>Zwei Bilder</translation>
    </message>
    <message>
        <source>Unblind</source>
        <translation>Entblinden</translation>
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
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Vermilion</source>
        <translation>Zinnober</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Ansicht</translation>
    </message>
    <message>
        <source>Visit</source>
        <translation>Zeitpunkt</translation>
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
        <source>Volume, SD, mm³</source>
        <translation>Volumen, SD, mm³</translation>
    </message>
    <message>
        <source>Volume, mean, mm³</source>
        <translation>Volumen, Mittel, mm³</translation>
    </message>
    <message>
        <source>Voxel-wise kappa</source>
        <translation>Voxelweises Kappa</translation>
    </message>
    <message>
        <source>Voxels</source>
        <translation>Voxel</translation>
    </message>
    <message>
        <source>Voxels counted</source>
        <translation>Gezählte Voxel</translation>
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
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>What became of it</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>What could tell a reader what is blinded</source>
        <translation>Was verraten könnte, was verblindet ist</translation>
    </message>
    <message>
        <source>What readers are shown and asked, in which steps. Choose one that comes with the program or a file of your own; the form on the right can be tried, nothing of it is kept.</source>
        <translation>Was Befunder sehen und gefragt werden, in welchen Schritten. Wählen Sie ein mitgeliefertes oder eine eigene Datei; das Formular rechts lässt sich ausprobieren, nichts davon wird gespeichert.</translation>
    </message>
    <message>
        <source>What the coordinator should look at; words are optional</source>
        <translation>Was die Studienkoordination ansehen soll; Worte sind freigestellt</translation>
    </message>
    <message>
        <source>What was answered</source>
        <translation>Was beantwortet ist</translation>
    </message>
    <message>
        <source>What was done in this kit, when; the password is asked for</source>
        <translation>Was in diesem Kit wann getan wurde; das Passwort wird verlangt</translation>
    </message>
    <message>
        <source>When (UTC)</source>
        <translation>Wann (UTC)</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Wo</translation>
    </message>
    <message>
        <source>Where two readers of a session disagree by the protocol&apos;s rule, a third one reads the case under a new alias. All readings are kept; which cases were sent is all that is told here.</source>
        <translation>Wo zwei Befunder einer Sitzung nach der Regel des Protokolls nicht übereinstimmen, befundet eine dritte Person den Fall unter neuem Alias. Alle Befundungen bleiben; hier wird nur gesagt, wie viele Fälle es sind.</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>Wer</translation>
    </message>
    <message>
        <source>Who gave what</source>
        <translation>Wer was vergab</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Warum</translation>
    </message>
    <message>
        <source>Window (across) and level (up and down)</source>
        <translation>Fensterbreite (quer), -mitte (auf und ab)</translation>
    </message>
    <message>
        <source>Window and level as at first</source>
        <translation>Fensterung wie am Anfang</translation>
    </message>
    <message>
        <source>Within</source>
        <translation>Bis</translation>
    </message>
    <message>
        <source>Write a protocol …</source>
        <translation>Protokoll schreiben …</translation>
    </message>
    <message>
        <source>Writing maps</source>
        <translation>Karten werden geschrieben</translation>
    </message>
    <message>
        <source>Wrong</source>
        <translation>Falsch</translation>
    </message>
    <message>
        <source>Wrong passwords since</source>
        <translation>Falsche Passwörter seither</translation>
    </message>
    <message>
        <source>Yellow</source>
        <translation>Gelb</translation>
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
        <source>a brush needs a positive radius, not {radius} mm</source>
        <translation>ein Pinsel braucht einen positiven Radius, nicht {radius} mm</translation>
    </message>
    <message>
        <source>a collected kit: {what}; restore the study from a backup</source>
        <translation>ein eingesammeltes Kit: {what}; stellen Sie die Studie aus einer Sicherung wieder her</translation>
    </message>
    <message>
        <source>a coordinator</source>
        <translation>Koordination</translation>
    </message>
    <message>
        <source>a coordinator or a physicist</source>
        <translation>Koordination oder der Physik</translation>
    </message>
    <message>
        <source>a coordinator or a statistician</source>
        <translation>Koordination oder der Statistik</translation>
    </message>
    <message>
        <source>a corner of an outline is not a place</source>
        <translation>eine Ecke einer Kontur ist kein Ort</translation>
    </message>
    <message>
        <source>a correction needs a reason, which is kept and shown; write one</source>
        <translation>eine Berichtigung braucht einen Grund, der behalten und gezeigt wird; schreiben Sie einen</translation>
    </message>
    <message>
        <source>a distance in mm is a number, not {value}</source>
        <translation>ein Abstand in mm ist eine Zahl, nicht {value}</translation>
    </message>
    <message>
        <source>a drawing needs at least {count} points of x, y and z in mm</source>
        <translation>eine Zeichnung braucht mindestens {count} Punkte mit x, y und z in mm</translation>
    </message>
    <message>
        <source>a field of {field} T cannot be; give it in tesla, for example 3 or 0.064</source>
        <translation>ein Feld von {field} T kann nicht sein; geben Sie es in Tesla an, zum Beispiel 3 oder 0.064</translation>
    </message>
    <message>
        <source>a fit with an offset needs four echoes or more; choose another method</source>
        <translation>ein Fit mit Offset braucht vier oder mehr Echos; wählen Sie eine andere Methode</translation>
    </message>
    <message>
        <source>a histogram needs a bin</source>
        <translation>ein Histogramm braucht eine Klasse</translation>
    </message>
    <message>
        <source>a kit needs a rater&apos;s name and a session from 1; give --rater and --session</source>
        <translation>ein Kit braucht den Namen eines Befunders und eine Sitzung ab 1; geben Sie --rater und --session an</translation>
    </message>
    <message>
        <source>a kit needs a rater&apos;s name; give --rater</source>
        <translation>ein Kit braucht den Namen eines Befunders; geben Sie --rater an</translation>
    </message>
    <message>
        <source>a kit&apos;s password is given up only with a reason, which is kept; add --reason</source>
        <translation>das Passwort eines Kits wird nur mit einem Grund aufgegeben, der festgehalten wird; geben Sie --reason an</translation>
    </message>
    <message>
        <source>a live wire needs a slice of 3 x 3 voxels or more</source>
        <translation>der magnetische Umriss braucht eine Schicht von mindestens 3 x 3 Voxeln</translation>
    </message>
    <message>
        <source>a margin needs picture, regions and grid of one shape</source>
        <translation>Ein Rand braucht Bild, ROIs und Gitter gleicher Form</translation>
    </message>
    <message>
        <source>a noise map must be positive and on the series&apos; grid</source>
        <translation>eine Rauschkarte muss positiv sein und auf dem Gitter der Serie liegen</translation>
    </message>
    <message>
        <source>a part of a series needs one slice or more, one beside the other</source>
        <translation>ein Teil einer Serie braucht eine oder mehr Schichten, eine neben der anderen</translation>
    </message>
    <message>
        <source>a password needs {count} characters or more; choose another</source>
        <translation>ein Passwort braucht {count} Zeichen oder mehr; wählen Sie ein anderes</translation>
    </message>
    <message>
        <source>a password of your own is changed with the one you have</source>
        <translation>das eigene Passwort ändert man mit dem, das man hat</translation>
    </message>
    <message>
        <source>a password stands in the server&apos;s address; leave it out, and put it into the file .pgpass</source>
        <translation>in der Adresse des Servers steht ein Passwort; lassen Sie es weg und schreiben Sie es in die Datei .pgpass</translation>
    </message>
    <message>
        <source>a password was chosen for this kit already; log in with it</source>
        <translation>für dieses Kit ist schon ein Passwort gewählt; melden Sie sich damit an</translation>
    </message>
    <message>
        <source>a person needs a name of at most {count} letters that can be printed</source>
        <translation>eine Person braucht einen Namen aus höchstens {count} druckbaren Zeichen</translation>
    </message>
    <message>
        <source>a physicist</source>
        <translation>Physik</translation>
    </message>
    <message>
        <source>a picture has one coil or more</source>
        <translation>ein Bild hat eine oder mehr Spulen</translation>
    </message>
    <message>
        <source>a range from {low} to {high} holds no value</source>
        <translation>ein Bereich von {low} bis {high} enthält keinen Wert</translation>
    </message>
    <message>
        <source>a rater needs a name of letters that can be printed</source>
        <translation>ein Befunder braucht einen Namen aus Buchstaben, die sich drucken lassen</translation>
    </message>
    <message>
        <source>a region is coverage (uint8) or a mask (bool), not {value}</source>
        <translation>eine ROI ist Anteile (uint8) oder eine Maske (bool), nicht {value}</translation>
    </message>
    <message>
        <source>a region is one of {kinds}, not {value}</source>
        <translation>eine ROI ist eine von {kinds}, nicht {value}</translation>
    </message>
    <message>
        <source>a region needs a distance and a volume above 0 to grow within</source>
        <translation>eine ROI braucht zum Wachsen einen Abstand und ein Volumen über 0</translation>
    </message>
    <message>
        <source>a region of {count} bytes does not fit a grid of {grid}</source>
        <translation>eine ROI aus {count} Byte passt nicht auf ein Gitter von {grid}</translation>
    </message>
    <message>
        <source>a region&apos;s colour is written as #rrggbb, in small letters</source>
        <translation>die Farbe einer ROI wird als #rrggbb in Kleinbuchstaben geschrieben</translation>
    </message>
    <message>
        <source>a region&apos;s name has 1 to {count} characters</source>
        <translation>der Name einer ROI hat 1 bis {count} Zeichen</translation>
    </message>
    <message>
        <source>a region&apos;s name is one line of printable text</source>
        <translation>der Name einer ROI ist eine Zeile druckbarer Text</translation>
    </message>
    <message>
        <source>a ring from {inner} to {outer} mm: the second must be larger</source>
        <translation>ein Ring von {inner} bis {outer} mm: der zweite Wert muss größer sein</translation>
    </message>
    <message>
        <source>a role is one of {values}</source>
        <translation>eine Rolle ist eine von {values}</translation>
    </message>
    <message>
        <source>a ruler measures a mark that is not there any more; remove the ruler first</source>
        <translation>ein Maß gehört zu einer Markierung, die es nicht mehr gibt; entfernen Sie erst das Maß</translation>
    </message>
    <message>
        <source>a ruler needs two different ends; draw it from one edge to the other</source>
        <translation>ein Maß braucht zwei verschiedene Enden; ziehen Sie es von einem Rand zum anderen</translation>
    </message>
    <message>
        <source>a ruler of case {alias}</source>
        <translation>ein Maß von Fall {alias}</translation>
    </message>
    <message>
        <source>a scan needs subject, group and visit; fill them in the manifest</source>
        <translation>ein Scan braucht Subjekt, Gruppe und Zeitpunkt; tragen Sie sie ins Manifest ein</translation>
    </message>
    <message>
        <source>a spread is a positive number of SD, not {value}</source>
        <translation>eine Spanne ist eine positive Zahl von SD, nicht {value}</translation>
    </message>
    <message>
        <source>a statistician</source>
        <translation>Statistik</translation>
    </message>
    <message>
        <source>a study needs a name; give it with --name</source>
        <translation>eine Studie braucht einen Namen; geben Sie ihn mit --name an</translation>
    </message>
    <message>
        <source>a study&apos;s name is one line of letters that can be printed; give another</source>
        <translation>der Name einer Studie ist eine Zeile druckbarer Zeichen; geben Sie einen anderen an</translation>
    </message>
    <message>
        <source>a text holds a character that the server cannot keep; mend it in the study first</source>
        <translation>ein Text enthält ein Zeichen, das der Server nicht aufnimmt; berichtigen Sie ihn zuerst in der Studie</translation>
    </message>
    <message>
        <source>a training case is not corrected; what was expected has been told</source>
        <translation>ein Übungsfall wird nicht berichtigt; was erwartet war, ist schon gesagt</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>eine ganze Zahl</translation>
    </message>
    <message>
        <source>a {kind} mark</source>
        <translation>die Markierung ({kind})</translation>
    </message>
    <message>
        <source>ablation zone</source>
        <translation>Ablationszone</translation>
    </message>
    <message>
        <source>ablation zone {number}</source>
        <translation>Ablationszone {number}</translation>
    </message>
    <message>
        <source>add a corner to {mark}</source>
        <translation>Ecke zu {mark} hinzufügen</translation>
    </message>
    <message>
        <source>adjudication is between two raters, and session {number} has {count}; name two with --between</source>
        <translation>geschlichtet wird zwischen zwei Befundern, und Sitzung {number} hat {count}; nennen Sie zwei mit --between</translation>
    </message>
    <message>
        <source>air</source>
        <translation>Luft</translation>
    </message>
    <message>
        <source>air SD/0.655 (one coil)</source>
        <translation>Luft-SD/0.655 (eine Spule)</translation>
    </message>
    <message>
        <source>air SD/{factor} ({count} coils, sum of squares)</source>
        <translation>Luft-SD/{factor} ({count} Spulen, Quadratsumme)</translation>
    </message>
    <message>
        <source>all instances are there</source>
        <translation>alle Instanzen sind da</translation>
    </message>
    <message>
        <source>an answer expected of {subject} is damaged; restore the study from a backup</source>
        <translation>eine für {subject} erwartete Antwort ist beschädigt; stellen Sie die Studie aus einer Sicherung wieder her</translation>
    </message>
    <message>
        <source>an answer is expected of {subject}, who is not among those for training</source>
        <translation>eine Antwort wird zu {subject} erwartet, das nicht zum Training gehört</translation>
    </message>
    <message>
        <source>an answer of case {alias}</source>
        <translation>eine Antwort von Fall {alias}</translation>
    </message>
    <message>
        <source>an echo time of {te} ms cannot be true</source>
        <translation>eine Echozeit von {te} ms kann nicht stimmen</translation>
    </message>
    <message>
        <source>an edit of a region needs the region before or after it</source>
        <translation>zum Ändern einer ROI gehört die ROI davor oder danach</translation>
    </message>
    <message>
        <source>an ellipse needs a centre and two half axes of x, y and z in mm</source>
        <translation>eine Ellipse braucht eine Mitte und zwei Halbachsen mit x, y und z in mm</translation>
    </message>
    <message>
        <source>an end of the ruler is no place in the picture</source>
        <translation>ein Ende des Maßes ist kein Ort im Bild</translation>
    </message>
    <message>
        <source>an outline lies in slice {number} of a grid with {count}</source>
        <translation>eine Kontur liegt in Schicht {number} eines Gitters mit {count}</translation>
    </message>
    <message>
        <source>an outline needs at least three corners of row and column</source>
        <translation>eine Kontur braucht mindestens drei Ecken aus Zeile und Spalte</translation>
    </message>
    <message>
        <source>anatomy</source>
        <translation>Matrix der Anatomie</translation>
    </message>
    <message>
        <source>anatomy place</source>
        <translation>Lage der Anatomie</translation>
    </message>
    <message>
        <source>another program is writing; wait a moment and try again</source>
        <translation>ein anderes Programm schreibt gerade; warten Sie einen Augenblick und versuchen Sie es noch einmal</translation>
    </message>
    <message>
        <source>another region is in the way</source>
        <translation>eine andere ROI ist im Weg</translation>
    </message>
    <message>
        <source>answer {value}</source>
        <translation>Antwort {value}</translation>
    </message>
    <message>
        <source>asking for series</source>
        <translation>Serien werden erfragt</translation>
    </message>
    <message>
        <source>asking for studies</source>
        <translation>Studien werden erfragt</translation>
    </message>
    <message>
        <source>begun</source>
        <translation>begonnen</translation>
    </message>
    <message>
        <source>below noise {count}</source>
        <translation>unter dem Rauschen {count}</translation>
    </message>
    <message>
        <source>below the noise floor</source>
        <translation>unter dem Rauschboden</translation>
    </message>
    <message>
        <source>by request</source>
        <translation>auf Wunsch</translation>
    </message>
    <message>
        <source>calibrations and iron</source>
        <translation>Kalibrierungen und Eisen</translation>
    </message>
    <message>
        <source>cannot be decoded: {reason}</source>
        <translation>lässt sich nicht dekodieren: {reason}</translation>
    </message>
    <message>
        <source>cannot be inflated; it is damaged, copy it again</source>
        <translation>lässt sich nicht entpacken; es ist beschädigt, kopieren Sie es neu</translation>
    </message>
    <message>
        <source>cannot be opened ({cause})</source>
        <translation>lässt sich nicht öffnen ({cause})</translation>
    </message>
    <message>
        <source>cannot be read</source>
        <translation>ist nicht lesbar</translation>
    </message>
    <message>
        <source>cannot be read ({cause})</source>
        <translation>ist nicht lesbar ({cause})</translation>
    </message>
    <message>
        <source>cannot be unpacked; the archive is damaged</source>
        <translation>lässt sich nicht entpacken; das Archiv ist beschädigt</translation>
    </message>
    <message>
        <source>case</source>
        <translation>Fall</translation>
    </message>
    <message>
        <source>case {alias} cannot be signed yet</source>
        <translation>Fall {alias} lässt sich noch nicht signieren</translation>
    </message>
    <message>
        <source>case {alias} has no multi-echo series; ask the coordinator for an intact kit</source>
        <translation>Fall {alias} hat keine Multi-Echo-Serie; bitten Sie die Studienkoordination um ein unversehrtes Kit</translation>
    </message>
    <message>
        <source>case {alias} is not for training, so it has no feedback</source>
        <translation>Fall {alias} dient nicht der Übung und hat daher keine Rückmeldung</translation>
    </message>
    <message>
        <source>case {alias} is not signed, so there is nothing to correct</source>
        <translation>Fall {alias} ist nicht signiert, es gibt nichts zu berichtigen</translation>
    </message>
    <message>
        <source>case {alias} is signed already</source>
        <translation>Fall {alias} ist schon signiert</translation>
    </message>
    <message>
        <source>case {alias} is signed and cannot change any more</source>
        <translation>Fall {alias} ist signiert und lässt sich nicht mehr ändern</translation>
    </message>
    <message>
        <source>case {alias} is signed; in this session no case is opened again</source>
        <translation>Fall {alias} ist signiert; in dieser Sitzung wird kein Fall noch einmal geöffnet</translation>
    </message>
    <message>
        <source>case {alias} is signed; its steps are locked</source>
        <translation>Fall {alias} ist signiert; seine Schritte sind gesperrt</translation>
    </message>
    <message>
        <source>case {alias} opens when the training is passed</source>
        <translation>Fall {alias} öffnet, wenn die Übung bestanden ist</translation>
    </message>
    <message>
        <source>case {alias} tells what was expected when it is signed</source>
        <translation>Fall {alias} sagt, was erwartet war, sobald er signiert ist</translation>
    </message>
    <message>
        <source>case {alias}: the guess is of {what}</source>
        <translation>Fall {alias}: vermutet werden {what}</translation>
    </message>
    <message>
        <source>case {alias}: “{choice}” is not among what the {what} is guessed from</source>
        <translation>Fall {alias}: „{choice}“ steht bei {what} nicht zur Auswahl</translation>
    </message>
    <message>
        <source>change {mark}</source>
        <translation>{mark} ändern</translation>
    </message>
    <message>
        <source>checking what is there</source>
        <translation>Vorhandenes wird geprüft</translation>
    </message>
    <message>
        <source>claims {count} frames; FerroRead reads up to {most}</source>
        <translation>gibt {count} Frames an; FerroRead liest bis zu {most}</translation>
    </message>
    <message>
        <source>claims {count} frames; its visu_pars is damaged</source>
        <translation>gibt {count} Frames an; seine visu_pars ist beschädigt</translation>
    </message>
    <message>
        <source>claims {count} slices; FerroRead reads up to {most} per file</source>
        <translation>gibt {count} Schichten an; FerroRead liest bis zu {most} je Datei</translation>
    </message>
    <message>
        <source>claims {mib} MiB of pixels in {size} bytes: a bomb</source>
        <translation>gibt {mib} MiB Pixel in {size} Byte an: eine Bombe</translation>
    </message>
    <message>
        <source>clear answer</source>
        <translation>Antwort löschen</translation>
    </message>
    <message>
        <source>click on a part of the region to keep that part alone</source>
        <translation>klicken Sie auf einen Teil der ROI, um nur diesen zu behalten</translation>
    </message>
    <message>
        <source>collecting</source>
        <translation>Einsammeln</translation>
    </message>
    <message>
        <source>collecting kits</source>
        <translation>Kits einsammeln</translation>
    </message>
    <message>
        <source>copy {mark} to a slice</source>
        <translation>{mark} in eine Schicht kopieren</translation>
    </message>
    <message>
        <source>dealing kits</source>
        <translation>Kits ausgeben</translation>
    </message>
    <message>
        <source>dealing the kit</source>
        <translation>Kit wird ausgegeben</translation>
    </message>
    <message>
        <source>dealing the kit was stopped; nothing was kept</source>
        <translation>die Ausgabe des Kits wurde angehalten; nichts wurde behalten</translation>
    </message>
    <message>
        <source>decodes to another size than its header says; it is damaged</source>
        <translation>ergibt dekodiert eine andere Größe, als der Header sagt; es ist beschädigt</translation>
    </message>
    <message>
        <source>degrees</source>
        <translation>Grad</translation>
    </message>
    <message>
        <source>df</source>
        <translation>df</translation>
    </message>
    <message>
        <source>df 1</source>
        <translation>df 1</translation>
    </message>
    <message>
        <source>df 2</source>
        <translation>df 2</translation>
    </message>
    <message>
        <source>difference image</source>
        <translation>Differenzbild</translation>
    </message>
    <message>
        <source>displayed values (no Philips scale slope)</source>
        <translation>Anzeigewerte (ohne Philips Scale Slope)</translation>
    </message>
    <message>
        <source>does not say how many rows and columns it has; it is damaged</source>
        <translation>nennt die Zahl seiner Zeilen und Spalten nicht; es ist beschädigt</translation>
    </message>
    <message>
        <source>does not say where its values begin; it is damaged</source>
        <translation>sagt nicht, wo seine Werte beginnen; es ist beschädigt</translation>
    </message>
    <message>
        <source>draw the region in two slices or more; then those between can be filled</source>
        <translation>zeichnen Sie die ROI in zwei oder mehr Schichten; dann lassen sich die dazwischen füllen</translation>
    </message>
    <message>
        <source>draw {mark}</source>
        <translation>{mark} zeichnen</translation>
    </message>
    <message>
        <source>draw {mark} around a region</source>
        <translation>{mark} um eine ROI zeichnen</translation>
    </message>
    <message>
        <source>each {kind} to be judged is given by the study; none is added, moved or removed</source>
        <translation>{kind}: was zu beurteilen ist, gibt die Studie vor; es wird nichts hinzugefügt, verschoben oder entfernt</translation>
    </message>
    <message>
        <source>echo</source>
        <translation>Echo</translation>
    </message>
    <message>
        <source>echo times</source>
        <translation>Echozeiten</translation>
    </message>
    <message>
        <source>echo times given by the user</source>
        <translation>Echozeiten von Ihnen angegeben</translation>
    </message>
    <message>
        <source>echo times must be positive and rise, not {times} ms</source>
        <translation>Echozeiten müssen positiv sein und steigen, nicht {times} ms</translation>
    </message>
    <message>
        <source>echo times up to {te} ms look like seconds; the header is wrong</source>
        <translation>Echozeiten bis {te} ms sehen nach Sekunden aus; der Header ist falsch</translation>
    </message>
    <message>
        <source>echo {echo} of {echoes} lacks {count} of {slices} slices</source>
        <translation>Echo {echo} von {echoes} fehlen {count} von {slices} Schichten</translation>
    </message>
    <message>
        <source>echoes</source>
        <translation>Echos</translation>
    </message>
    <message>
        <source>echoes gathered from {count} series</source>
        <translation>Echos aus {count} Serien zusammengeführt</translation>
    </message>
    <message>
        <source>erase from {mark}</source>
        <translation>aus {mark} radieren</translation>
    </message>
    <message>
        <source>evening out the scans</source>
        <translation>Scans werden angeglichen</translation>
    </message>
    <message>
        <source>evening out was stopped; the study is as it was</source>
        <translation>das Angleichen wurde angehalten; die Studie ist, wie sie war</translation>
    </message>
    <message>
        <source>evening pictures out</source>
        <translation>Bilder angleichen</translation>
    </message>
    <message>
        <source>failed {count}</source>
        <translation>gescheitert {count}</translation>
    </message>
    <message>
        <source>faster than the echoes can resolve</source>
        <translation>schneller als die Echos auflösen</translation>
    </message>
    <message>
        <source>fetching the kit</source>
        <translation>Kit wird geholt</translation>
    </message>
    <message>
        <source>fetching the kit was stopped; nothing was kept</source>
        <translation>das Holen des Kits wurde abgebrochen; nichts wurde behalten</translation>
    </message>
    <message>
        <source>field gradient strong {count}</source>
        <translation>starker Feldgradient {count}</translation>
    </message>
    <message>
        <source>field of view</source>
        <translation>Bildfeld</translation>
    </message>
    <message>
        <source>field_t must be positive, in tesla, not {value}</source>
        <translation>field_t muss positiv sein, in Tesla, nicht {value}</translation>
    </message>
    <message>
        <source>field_t should be a number, not {value}</source>
        <translation>field_t sollte eine Zahl sein, nicht {value}</translation>
    </message>
    <message>
        <source>fill holes of {mark}</source>
        <translation>Löcher von {mark} füllen</translation>
    </message>
    <message>
        <source>fitting R2*</source>
        <translation>R2* wird gefittet</translation>
    </message>
    <message>
        <source>flags: {flags}</source>
        <translation>Flags: {flags}</translation>
    </message>
    <message>
        <source>floating-point values (Philips scale slope)</source>
        <translation>Gleitkommawerte (Philips Scale Slope)</translation>
    </message>
    <message>
        <source>fractions</source>
        <translation>Bildern mit Nachkommastellen</translation>
    </message>
    <message>
        <source>given</source>
        <translation>vorgegeben</translation>
    </message>
    <message>
        <source>gre3d</source>
        <translation>Matrix des 3D-GRE</translation>
    </message>
    <message>
        <source>gre3d place</source>
        <translation>Lage des 3D-GRE</translation>
    </message>
    <message>
        <source>groups</source>
        <translation>Gruppen</translation>
    </message>
    <message>
        <source>grow {mark}</source>
        <translation>{mark} vergrößern</translation>
    </message>
    <message>
        <source>grow {mark} from a click</source>
        <translation>{mark} von einem Klick aus wachsen lassen</translation>
    </message>
    <message>
        <source>has a damaged NIfTI header; copy it again</source>
        <translation>hat einen beschädigten NIfTI-Header; kopieren Sie es neu</translation>
    </message>
    <message>
        <source>has compressed fragments but says that it is not compressed</source>
        <translation>hat komprimierte Fragmente, nennt sich aber unkomprimiert</translation>
    </message>
    <message>
        <source>has no slope or offset for frame {number}; its visu_pars is damaged</source>
        <translation>hat keine Steigung oder keinen Offset für Frame {number}; seine visu_pars ist beschädigt</translation>
    </message>
    <message>
        <source>has no voxel size; it is damaged</source>
        <translation>hat keine Voxelgröße; es ist beschädigt</translation>
    </message>
    <message>
        <source>has the dimensions {dimensions}; FerroRead reads two to four</source>
        <translation>hat die Dimensionen {dimensions}; FerroRead liest zwei bis vier</translation>
    </message>
    <message>
        <source>has to choose a password</source>
        <translation>muss ein Passwort wählen</translation>
    </message>
    <message>
        <source>has {count} frames but describes {described}; it is damaged, export it again</source>
        <translation>hat {count} Frames, beschreibt aber {described}; es ist beschädigt, exportieren Sie es neu</translation>
    </message>
    <message>
        <source>holds more than {count} elements; no scanner writes that</source>
        <translation>enthält mehr als {count} Elemente; das schreibt kein Scanner</translation>
    </message>
    <message>
        <source>holds more than {count} files; unpack it and read the folders</source>
        <translation>enthält mehr als {count} Dateien; entpacken Sie es und lesen Sie die Ordner</translation>
    </message>
    <message>
        <source>holds no picture (DICOM of modality {modality})</source>
        <translation>enthält kein Bild (DICOM der Modalität {modality})</translation>
    </message>
    <message>
        <source>holds values of NIfTI type {type}; only whole and real numbers are signal</source>
        <translation>enthält Werte vom NIfTI-Typ {type}; nur ganze und reelle Zahlen sind Signal</translation>
    </message>
    <message>
        <source>holds values of type {type}, which ParaVision does not know</source>
        <translation>enthält Werte vom Typ {type}, den ParaVision nicht kennt</translation>
    </message>
    <message>
        <source>holds {part} only, no magnitude</source>
        <translation>enthält nur {part}, keine Magnitude</translation>
    </message>
    <message>
        <source>how a password was stored is damaged</source>
        <translation>wie ein Passwort gespeichert war, ist beschädigt</translation>
    </message>
    <message>
        <source>imaginary</source>
        <translation>Imaginärteil</translation>
    </message>
    <message>
        <source>inflates beyond {size} MiB or {times} times its size; unpack it first</source>
        <translation>wird beim Entpacken größer als {size} MiB oder das {times}-Fache; entpacken Sie es zuerst</translation>
    </message>
    <message>
        <source>instance numbers {first} to {last} leave {count} out</source>
        <translation>Instanznummern {first} bis {last} lassen {count} aus</translation>
    </message>
    <message>
        <source>interpolate {mark}</source>
        <translation>{mark} interpolieren</translation>
    </message>
    <message>
        <source>iron maps</source>
        <translation>Eisenkarten</translation>
    </message>
    <message>
        <source>is Bruker spectroscopy, no picture</source>
        <translation>ist Bruker-Spektroskopie, kein Bild</translation>
    </message>
    <message>
        <source>is a Bruker ParaVision reconstruction without its visu_pars</source>
        <translation>ist eine Bruker-ParaVision-Rekonstruktion ohne ihre visu_pars</translation>
    </message>
    <message>
        <source>is a Bruker experiment without a reconstruction (pdata/*/2dseq)</source>
        <translation>ist ein Bruker-Experiment ohne Rekonstruktion (pdata/*/2dseq)</translation>
    </message>
    <message>
        <source>is a DICOMDIR, a table of contents</source>
        <translation>ist ein DICOMDIR, ein Inhaltsverzeichnis</translation>
    </message>
    <message>
        <source>is a Siemens mosaic, all slices in one picture; export single slices or enhanced DICOM</source>
        <translation>ist ein Siemens-Mosaik, alle Schichten in einem Bild; exportieren Sie einzelne Schichten oder Enhanced DICOM</translation>
    </message>
    <message>
        <source>is a United Imaging VFRAME mosaic, all slices in one picture; export single slices</source>
        <translation>ist ein VFRAME-Mosaik von United Imaging, alle Schichten in einem Bild; exportieren Sie einzelne Schichten</translation>
    </message>
    <message>
        <source>is a colour picture (screenshot or overlay), not signal</source>
        <translation>ist ein Farbbild (Bildschirmfoto oder Überlagerung), kein Signal</translation>
    </message>
    <message>
        <source>is a damaged zip archive; copy it again</source>
        <translation>ist ein beschädigtes Zip-Archiv; kopieren Sie es neu</translation>
    </message>
    <message>
        <source>is a mask of single bits, not signal</source>
        <translation>ist eine Maske aus einzelnen Bits, kein Signal</translation>
    </message>
    <message>
        <source>is an Analyze header, which tells not left from right; convert it to NIfTI</source>
        <translation>ist ein Analyze-Header, der links und rechts nicht unterscheidet; wandeln Sie es in NIfTI um</translation>
    </message>
    <message>
        <source>is an archive inside an archive; unpack it first</source>
        <translation>ist ein Archiv in einem Archiv; entpacken Sie es zuerst</translation>
    </message>
    <message>
        <source>is cut short</source>
        <translation>ist abgeschnitten</translation>
    </message>
    <message>
        <source>is cut short or damaged behind its pixels; copy it again</source>
        <translation>ist hinter seinen Pixeln abgeschnitten oder beschädigt; kopieren Sie es neu</translation>
    </message>
    <message>
        <source>is cut short or damaged; copy it again</source>
        <translation>ist abgeschnitten oder beschädigt; kopieren Sie es neu</translation>
    </message>
    <message>
        <source>is cut short: compressed pixels are missing; copy it again</source>
        <translation>ist abgeschnitten: komprimierte Pixel fehlen; kopieren Sie es neu</translation>
    </message>
    <message>
        <source>is cut short: its header ends too early; copy it again</source>
        <translation>ist abgeschnitten: der Header endet zu früh; kopieren Sie es neu</translation>
    </message>
    <message>
        <source>is cut short: its last line, ##END=, is missing; copy it again</source>
        <translation>ist abgeschnitten: die letzte Zeile, ##END=, fehlt; kopieren Sie es neu</translation>
    </message>
    <message>
        <source>is cut short: {present} of {needed} bytes of pixels; copy it again</source>
        <translation>ist abgeschnitten: {present} von {needed} Byte Pixel; kopieren Sie es neu</translation>
    </message>
    <message>
        <source>is cut short: {present} of {needed} bytes; copy it again</source>
        <translation>ist abgeschnitten: {present} von {needed} Byte; kopieren Sie es neu</translation>
    </message>
    <message>
        <source>is cut short: {present} of {needed} bytes; the scan was not finished</source>
        <translation>ist abgeschnitten: {present} von {needed} Byte; die Aufnahme wurde nicht beendet</translation>
    </message>
    <message>
        <source>is damaged: a delimiter stands outside of any sequence</source>
        <translation>ist beschädigt: ein Trenner steht außerhalb jeder Sequenz</translation>
    </message>
    <message>
        <source>is damaged: a sequence holds something that is not an item; copy it again</source>
        <translation>ist beschädigt: eine Sequenz enthält etwas, das kein Item ist; kopieren Sie es neu</translation>
    </message>
    <message>
        <source>is empty</source>
        <translation>ist leer</translation>
    </message>
    <message>
        <source>is empty; a protocol has id, version, title, steps and questions</source>
        <translation>ist leer; ein Protokoll hat id, version, title, steps und questions</translation>
    </message>
    <message>
        <source>is encrypted; unpack the archive with its password first</source>
        <translation>ist verschlüsselt; entpacken Sie das Archiv zuerst mit seinem Passwort</translation>
    </message>
    <message>
        <source>is far too long for a protocol</source>
        <translation>ist viel zu lang für ein Protokoll</translation>
    </message>
    <message>
        <source>is half of a NIfTI pair; its values, {name}.img, are missing</source>
        <translation>ist die Hälfte eines NIfTI-Paars; seine Werte, {name}.img, fehlen</translation>
    </message>
    <message>
        <source>is larger than any parameter file of ParaVision</source>
        <translation>ist größer als jede Parameterdatei von ParaVision</translation>
    </message>
    <message>
        <source>is larger than {size} GiB; split it</source>
        <translation>ist größer als {size} GiB; teilen Sie sie</translation>
    </message>
    <message>
        <source>is nested far too deep for a protocol</source>
        <translation>ist für ein Protokoll viel zu tief verschachtelt</translation>
    </message>
    <message>
        <source>is no Bruker picture of two or three dimensions</source>
        <translation>ist kein Bruker-Bild mit zwei oder drei Dimensionen</translation>
    </message>
    <message>
        <source>is no NIfTI file</source>
        <translation>ist keine NIfTI-Datei</translation>
    </message>
    <message>
        <source>is no image file that FerroRead knows (DICOM, NIfTI, ParaVision, zip)</source>
        <translation>ist keine Bilddatei, die FerroRead kennt (DICOM, NIfTI, ParaVision, Zip)</translation>
    </message>
    <message>
        <source>is no plain NIfTI volume</source>
        <translation>ist kein einfaches NIfTI-Volumen</translation>
    </message>
    <message>
        <source>is not DICOM</source>
        <translation>ist kein DICOM</translation>
    </message>
    <message>
        <source>is not YAML</source>
        <translation>ist kein YAML</translation>
    </message>
    <message>
        <source>is not a FerroRead {kind}, or is damaged; choose another file</source>
        <translation>ist kein FerroRead-{kind} oder ist beschädigt; wählen Sie eine andere Datei</translation>
    </message>
    <message>
        <source>is not a regular file</source>
        <translation>ist keine gewöhnliche Datei</translation>
    </message>
    <message>
        <source>is not there</source>
        <translation>ist nicht da</translation>
    </message>
    <message>
        <source>is packed in an unusual way; unpack the archive first</source>
        <translation>ist ungewöhnlich gepackt; entpacken Sie das Archiv zuerst</translation>
    </message>
    <message>
        <source>is shorter than before; it has been changed</source>
        <translation>ist kürzer als zuvor; sie wurde verändert</translation>
    </message>
    <message>
        <source>it goes on beyond {distance} mm from the click and was stopped there</source>
        <translation>es reicht weiter als {distance} mm vom Klick und wurde dort angehalten</translation>
    </message>
    <message>
        <source>it is not complete</source>
        <translation>sie ist nicht vollständig</translation>
    </message>
    <message>
        <source>it is of a kind that the archive does not take</source>
        <translation>von dieser Art nimmt das Archiv nichts an</translation>
    </message>
    <message>
        <source>it needs more memory than the limit</source>
        <translation>es braucht mehr Speicher als erlaubt</translation>
    </message>
    <message>
        <source>it would take {volume} mm³, more than {most}: it leaks; take a narrower range or a shorter distance</source>
        <translation>es würde {volume} mm³, mehr als {most}: es läuft aus; nehmen Sie einen engeren Bereich oder einen kürzeren Abstand</translation>
    </message>
    <message>
        <source>its files disagree about the field strength ({fields}); look which belong together</source>
        <translation>seine Dateien widersprechen sich in der Feldstärke ({fields}); sehen Sie, welche zusammengehören</translation>
    </message>
    <message>
        <source>its files name different manufacturers; look whether they belong together</source>
        <translation>seine Dateien nennen verschiedene Hersteller; sehen Sie, ob sie zusammengehören</translation>
    </message>
    <message>
        <source>its files name different subjects; look whether they belong together</source>
        <translation>seine Dateien nennen verschiedene Personen oder Tiere; sehen Sie, ob sie zusammengehören</translation>
    </message>
    <message>
        <source>its map stays as raters have it: kits are dealt already</source>
        <translation>seine Karte bleibt, wie Befunder sie haben: Kits sind schon ausgegeben</translation>
    </message>
    <message>
        <source>its member {name} has a name that leads out of the archive</source>
        <translation>sein Bestandteil {name} hat einen Namen, der aus dem Archiv hinausführt</translation>
    </message>
    <message>
        <source>its pictures are scaled in different ways: {scaling}</source>
        <translation>seine Bilder sind verschieden skaliert: {scaling}</translation>
    </message>
    <message>
        <source>its slices are marked as stored in reverse, which ParaVision defines for volumes only</source>
        <translation>seine Schichten sind als rückwärts gespeichert markiert, was ParaVision nur für Volumen festlegt</translation>
    </message>
    <message>
        <source>kit</source>
        <translation>Kit</translation>
    </message>
    <message>
        <source>kits are dealt already, and their readings belong to pixels as they are; scans are evened out before the first kit</source>
        <translation>Kits sind schon ausgegeben, und ihre Befundungen gehören zu den Pixeln, wie sie sind; angeglichen wird vor dem ersten Kit</translation>
    </message>
    <message>
        <source>largest area of {part}</source>
        <translation>größte Fläche von {part}</translation>
    </message>
    <message>
        <source>lay ruler</source>
        <translation>Maß anlegen</translation>
    </message>
    <message>
        <source>leaving echoes out at the noise</source>
        <translation>dem Auslassen von Echos am Rauschen</translation>
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
        <source>letting a kit&apos;s password be chosen anew</source>
        <translation>das Passwort eines Kits neu wählen lassen</translation>
    </message>
    <message>
        <source>listing instances</source>
        <translation>Instanzen werden aufgelistet</translation>
    </message>
    <message>
        <source>lock {mark}</source>
        <translation>{mark} sperren</translation>
    </message>
    <message>
        <source>long axis of {part}</source>
        <translation>Längsachse von {part}</translation>
    </message>
    <message>
        <source>looking at answers</source>
        <translation>Antworten ansehen</translation>
    </message>
    <message>
        <source>looking into kits</source>
        <translation>Kits werden durchgesehen</translation>
    </message>
    <message>
        <source>magnitude</source>
        <translation>Magnitude</translation>
    </message>
    <message>
        <source>map {map}, region {region} and grid {grid} differ in shape</source>
        <translation>Karte {map}, ROI {region} und Gitter {grid} haben verschiedene Formen</translation>
    </message>
    <message>
        <source>mark {kind}</source>
        <translation>{kind} markieren</translation>
    </message>
    <message>
        <source>matrix</source>
        <translation>Matrix</translation>
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
        <source>mind: {reason}</source>
        <translation>Achtung: {reason}</translation>
    </message>
    <message>
        <source>modality {modality}, not MR</source>
        <translation>Modalität {modality}, nicht MR</translation>
    </message>
    <message>
        <source>more than {count} echoes</source>
        <translation>mehr als {count} Echos</translation>
    </message>
    <message>
        <source>move a corner of {mark}</source>
        <translation>Ecke von {mark} verschieben</translation>
    </message>
    <message>
        <source>move mark</source>
        <translation>Markierung verschieben</translation>
    </message>
    <message>
        <source>move ruler</source>
        <translation>Maß verschieben</translation>
    </message>
    <message>
        <source>moving the study</source>
        <translation>die Studie umziehen</translation>
    </message>
    <message>
        <source>n</source>
        <translation>n</translation>
    </message>
    <message>
        <source>naming and retiring people</source>
        <translation>Personen nennen und verabschieden</translation>
    </message>
    <message>
        <source>naming readers and the protocol</source>
        <translation>Befunder und Protokoll festlegen</translation>
    </message>
    <message>
        <source>neither sform nor qform is set: its place and its left and right are unknown</source>
        <translation>weder sform noch qform ist gesetzt: Lage, links und rechts sind unbekannt</translation>
    </message>
    <message>
        <source>nests sequences deeper than {depth}; no scanner writes that</source>
        <translation>schachtelt Sequenzen tiefer als {depth}; das schreibt kein Scanner</translation>
    </message>
    <message>
        <source>no backup knows the people of this study; the coordinator&apos;s password of before is needed</source>
        <translation>keine Sicherung kennt die Personen dieser Studie; nötig ist das Passwort der Studienkoordination von zuvor</translation>
    </message>
    <message>
        <source>no body stands out from the noise</source>
        <translation>kein Körper hebt sich vom Rauschen ab</translation>
    </message>
    <message>
        <source>no contrast</source>
        <translation>kein Kontrast</translation>
    </message>
    <message>
        <source>no decoder makes pixels of it; it is damaged, copy it again</source>
        <translation>kein Dekoder macht Pixel daraus; es ist beschädigt, kopieren Sie es neu</translation>
    </message>
    <message>
        <source>no echo time</source>
        <translation>keine Echozeit</translation>
    </message>
    <message>
        <source>no echo time in the header</source>
        <translation>keine Echozeit im Header</translation>
    </message>
    <message>
        <source>no edge near the outline</source>
        <translation>keine Kante nahe dem Umriss</translation>
    </message>
    <message>
        <source>no fit</source>
        <translation>kein Fit</translation>
    </message>
    <message>
        <source>no password was chosen for this kit yet; open it to choose one</source>
        <translation>für dieses Kit ist noch kein Passwort gewählt; öffnen Sie es, um eines zu wählen</translation>
    </message>
    <message>
        <source>no signed reading was collected yet; take kits in with `ferroread study collect`</source>
        <translation>noch keine signierte Befundung wurde eingesammelt; Kits mit `ferroread study collect` einsammeln</translation>
    </message>
    <message>
        <source>no tissue beside the lesion is even enough, clear of edges and vessels</source>
        <translation>kein Gewebe neben der Läsion ist gleichmäßig genug und frei von Kanten und Gefäßen</translation>
    </message>
    <message>
        <source>no usable position or voxel size in the header: where it lies in the body is unknown</source>
        <translation>keine brauchbare Position oder Voxelgröße im Header: die Lage im Körper ist unbekannt</translation>
    </message>
    <message>
        <source>no {visit} scan at this field; give --r2star0</source>
        <translation>kein Scan {visit} bei diesem Feld; geben Sie --r2star0 an</translation>
    </message>
    <message>
        <source>nobody of that name works at this study; `study people list` tells who does</source>
        <translation>unter diesem Namen arbeitet niemand an dieser Studie; `study people list` sagt, wer es tut</translation>
    </message>
    <message>
        <source>nobody of that name works at this study; ask its coordinator</source>
        <translation>unter diesem Namen arbeitet niemand an dieser Studie; fragen Sie die Studienkoordination</translation>
    </message>
    <message>
        <source>nobody was asked for a password: no backup knows the people, or an owner&apos;s password</source>
        <translation>niemand wurde nach einem Passwort gefragt: keine Sicherung kennt die Personen oder ein Passwort der Studie</translation>
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
        <translation>Luft</translation>
    </message>
    <message>
        <source>noise {number}</source>
        <translation>Rauschen {number}</translation>
    </message>
    <message>
        <source>none of the {count} prescribed centres lies in its scan, so they are of another frame or unit; give them in LPS mm as the scans&apos; headers have it</source>
        <translation>keine der {count} vorgegebenen Mitten liegt in ihrem Scan, sie gehören also zu einem anderen Bezugssystem oder einer anderen Einheit; geben Sie sie in LPS-mm an wie die Köpfe der Scans</translation>
    </message>
    <message>
        <source>not begun</source>
        <translation>nicht begonnen</translation>
    </message>
    <message>
        <source>not decoded within {seconds} s; it is damaged or hostile</source>
        <translation>in {seconds} s nicht dekodiert; es ist beschädigt oder bösartig</translation>
    </message>
    <message>
        <source>not tried: decoding failed {count} times before it</source>
        <translation>nicht versucht: das Dekodieren ist davor {count}-mal gescheitert</translation>
    </message>
    <message>
        <source>nothing in the folder tells whether the backup is of this study: look at its scans</source>
        <translation>nichts im Ordner sagt, ob die Sicherung von dieser Studie ist: sehen Sie ihre Scans an</translation>
    </message>
    <message>
        <source>nothing is expected of {subject}, {visit}, so training with it tells nothing; give answers with `study training --answers`, or a reference standard</source>
        <translation>zu {subject}, {visit} wird nichts erwartet, das Training damit sagt also nichts; geben Sie Antworten mit `study training --answers` oder einen Referenzstandard</translation>
    </message>
    <message>
        <source>nothing is proposed for the {kind} region</source>
        <translation>für die {kind}-ROI wird nichts vorgeschlagen</translation>
    </message>
    <message>
        <source>nothing says which part it is; taken as magnitude</source>
        <translation>nichts sagt, welcher Teil es ist; als Magnitude genommen</translation>
    </message>
    <message>
        <source>one echo; R2* needs at least two</source>
        <translation>ein Echo; R2* braucht zwei</translation>
    </message>
    <message>
        <source>one of {count} repetitions</source>
        <translation>eine von {count} Wiederholungen</translation>
    </message>
    <message>
        <source>one of {count} stacks</source>
        <translation>einer von {count} Stapeln</translation>
    </message>
    <message>
        <source>one period over all stored bits</source>
        <translation>eine Periode über alle gespeicherten Bits</translation>
    </message>
    <message>
        <source>one slice of unknown thickness; 1 mm is assumed</source>
        <translation>eine Schicht unbekannter Dicke; 1 mm wird angenommen</translation>
    </message>
    <message>
        <source>only a question about the case can end it; {entry} is about each {kind}</source>
        <translation>nur eine Frage zum Fall kann ihn beenden; {entry} gilt je {kind}</translation>
    </message>
    <message>
        <source>opens when the training is passed</source>
        <translation>öffnet sich, wenn das Training bestanden ist</translation>
    </message>
    <message>
        <source>orientation</source>
        <translation>Lage der Schichten</translation>
    </message>
    <message>
        <source>other</source>
        <translation>Anderes</translation>
    </message>
    <message>
        <source>other {number}</source>
        <translation>Sonstiges {number}</translation>
    </message>
    <message>
        <source>outside mask {count}</source>
        <translation>außerhalb der Maske {count}</translation>
    </message>
    <message>
        <source>outside the mask</source>
        <translation>außerhalb der Maske</translation>
    </message>
    <message>
        <source>p</source>
        <translation>p</translation>
    </message>
    <message>
        <source>path, subject, group and visit must all be filled in</source>
        <translation>path, subject, group und visit müssen alle ausgefüllt sein</translation>
    </message>
    <message>
        <source>people are as they were when the backup was made: name and retire again whoever was named and retired since, and passwords are those of then</source>
        <translation>die Personen sind die von damals, als gesichert wurde: nennen und verabschieden Sie erneut, wer seither genannt und verabschiedet wurde; auch die Passwörter sind die von damals</translation>
    </message>
    <message>
        <source>phantom at {field} T</source>
        <translation>Phantom bei {field} T</translation>
    </message>
    <message>
        <source>phase</source>
        <translation>Phase</translation>
    </message>
    <message>
        <source>phase of unknown unit</source>
        <translation>Phase unbekannter Einheit</translation>
    </message>
    <message>
        <source>picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>pictures</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>place</source>
        <translation>Stelle</translation>
    </message>
    <message>
        <source>places</source>
        <translation>Stellen</translation>
    </message>
    <message>
        <source>preparing the fit (once after installation)</source>
        <translation>Fit wird vorbereitet (einmal nach der Installation)</translation>
    </message>
    <message>
        <source>preparing the fit (some seconds, once after installation)</source>
        <translation>Fit wird vorbereitet (einige Sekunden, einmal nach der Installation)</translation>
    </message>
    <message>
        <source>prescribed, but outside the multi-echo series: {targets}; correct the reference standard, or leave such marks out of those cases with --leave-outside</source>
        <translation>vorgegeben, aber außerhalb der Multi-Echo-Serie: {targets}; berichtigen Sie den Referenzstandard, oder lassen Sie solche Markierungen mit --leave-outside weg</translation>
    </message>
    <message>
        <source>putting a backup in place</source>
        <translation>eine Sicherung einspielen</translation>
    </message>
    <message>
        <source>putting kits onto the server</source>
        <translation>Kits auf den Server legen</translation>
    </message>
    <message>
        <source>putting scans in</source>
        <translation>Scans aufnehmen</translation>
    </message>
    <message>
        <source>radians</source>
        <translation>Radiant</translation>
    </message>
    <message>
        <source>radians/1000</source>
        <translation>Radiant/1000</translation>
    </message>
    <message>
        <source>reading answers</source>
        <translation>Antworten lesen</translation>
    </message>
    <message>
        <source>reading files once more, for their SHA-256</source>
        <translation>Dateien werden für ihre SHA-256 noch einmal gelesen</translation>
    </message>
    <message>
        <source>reading headers</source>
        <translation>Header werden gelesen</translation>
    </message>
    <message>
        <source>reading pictures</source>
        <translation>Bilder werden gelesen</translation>
    </message>
    <message>
        <source>reading the audit trail</source>
        <translation>das Protokoll der Änderungen lesen</translation>
    </message>
    <message>
        <source>reading the pictures was stopped</source>
        <translation>das Lesen der Bilder wurde abgebrochen</translation>
    </message>
    <message>
        <source>reading the trail of a kit</source>
        <translation>das Protokoll der Änderungen eines Kits lesen</translation>
    </message>
    <message>
        <source>reading time must be 0 or more seconds, not {seconds}</source>
        <translation>die Lesezeit muss 0 oder mehr Sekunden sein, nicht {seconds}</translation>
    </message>
    <message>
        <source>real</source>
        <translation>Realteil</translation>
    </message>
    <message>
        <source>recolour {mark}</source>
        <translation>{mark} umfärben</translation>
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
        <translation>Referenz</translation>
    </message>
    <message>
        <source>reference tissue is proposed for a lesion; draw the lesion first</source>
        <translation>Referenzgewebe wird zu einer Läsion vorgeschlagen; zeichnen Sie zuerst die Läsion ein</translation>
    </message>
    <message>
        <source>reference tissue {number}</source>
        <translation>Referenz {number}</translation>
    </message>
    <message>
        <source>regions and series differ in shape</source>
        <translation>ROIs und Serie unterscheiden sich in der Form</translation>
    </message>
    <message>
        <source>remove a corner of {mark}</source>
        <translation>Ecke von {mark} entfernen</translation>
    </message>
    <message>
        <source>remove ruler</source>
        <translation>Maß entfernen</translation>
    </message>
    <message>
        <source>remove {kind}</source>
        <translation>{kind} entfernen</translation>
    </message>
    <message>
        <source>rename {mark}</source>
        <translation>{mark} umbenennen</translation>
    </message>
    <message>
        <source>repeat</source>
        <translation>Wiederholung</translation>
    </message>
    <message>
        <source>rescale slopes differ and no Philips scale slope is given: signals may not be comparable</source>
        <translation>die Rescale-Steigungen unterscheiden sich und keine Philips Scale Slope ist angegeben: Signale sind womöglich nicht vergleichbar</translation>
    </message>
    <message>
        <source>rescaled values</source>
        <translation>umskalierte Werte</translation>
    </message>
    <message>
        <source>rescaled values (ParaVision)</source>
        <translation>umskalierte Werte (ParaVision)</translation>
    </message>
    <message>
        <source>rescaled values (scl_slope)</source>
        <translation>umskalierte Werte (scl_slope)</translation>
    </message>
    <message>
        <source>rescuing a kit</source>
        <translation>ein Kit retten</translation>
    </message>
    <message>
        <source>residual</source>
        <translation>Residuum</translation>
    </message>
    <message>
        <source>retired</source>
        <translation>ausgeschieden</translation>
    </message>
    <message>
        <source>right button</source>
        <translation>rechte Taste</translation>
    </message>
    <message>
        <source>ring</source>
        <translation>Ring</translation>
    </message>
    <message>
        <source>ring {number}</source>
        <translation>Ring {number}</translation>
    </message>
    <message>
        <source>ruler {number}</source>
        <translation>Maß {number}</translation>
    </message>
    <message>
        <source>says that it is compressed but has no fragments; it is damaged</source>
        <translation>nennt sich komprimiert, hat aber keine Fragmente; es ist beschädigt</translation>
    </message>
    <message>
        <source>scales its values by {slope}, which cannot be true</source>
        <translation>skaliert seine Werte mit {slope}, was nicht stimmen kann</translation>
    </message>
    <message>
        <source>scan {number} of {count}</source>
        <translation>Aufnahme {number} von {count}</translation>
    </message>
    <message>
        <source>scans of {subject} were dealt to be read; whoever read them has no use for training</source>
        <translation>Scans von {subject} wurden zum Befunden ausgegeben; wer sie befundet hat, kann damit nicht üben</translation>
    </message>
    <message>
        <source>series {name}: its files say that it is {part}</source>
        <translation>Serie {name}: ihre Dateien sagen, dass sie {part} zeigt</translation>
    </message>
    <message>
        <source>series {name}: {given} echo times were given for {count} numbered echoes</source>
        <translation>Serie {name}: {given} Echozeiten für {count} nummerierte Echos angegeben</translation>
    </message>
    <message>
        <source>session {number} of {rater} is not collected whole, so the washout cannot be told; collect it first, or give --washout-days 0 with a --reason</source>
        <translation>Sitzung {number} von {rater} ist nicht ganz eingesammelt, die Auswaschzeit ist also nicht bekannt; sammeln Sie sie zuerst ein, oder geben Sie --washout-days 0 mit einem Grund an</translation>
    </message>
    <message>
        <source>session {session} of {rater} was dealt after the backup was made from which this study was put back, so the washout cannot be told; give --washout-days 0 with a --reason</source>
        <translation>Sitzung {session} von {rater} wurde nach der Sicherung ausgegeben, aus der diese Studie zurückgeholt wurde; die Auswaschzeit ist also nicht bekannt; geben Sie --washout-days 0 mit einem Grund an</translation>
    </message>
    <message>
        <source>session {session} of {rater} was dealt after the backup was made: its kit cannot be collected, and no washout after it can be told</source>
        <translation>Sitzung {session} von {rater} wurde nach der Sicherung ausgegeben: ihr Kit lässt sich nicht einsammeln, und die Auswaschzeit danach ist nicht bekannt</translation>
    </message>
    <message>
        <source>setting up training</source>
        <translation>das Training einrichten</translation>
    </message>
    <message>
        <source>sform and qform disagree; the sform is used</source>
        <translation>sform und qform widersprechen sich; die sform gilt</translation>
    </message>
    <message>
        <source>short axis of {part}</source>
        <translation>Kurzachse von {part}</translation>
    </message>
    <message>
        <source>showing the key</source>
        <translation>den Schlüssel zeigen</translation>
    </message>
    <message>
        <source>shrink {mark}</source>
        <translation>{mark} verkleinern</translation>
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
        <source>slice</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>slice {one} and {other}, {gap} mm apart</source>
        <translation>Schicht {one} und {other}, {gap} mm auseinander</translation>
    </message>
    <message>
        <source>slices</source>
        <translation>Schichten</translation>
    </message>
    <message>
        <source>slices are sheared: each is shifted in its plane against the last</source>
        <translation>Schichten sind geschert: jede ist in ihrer Ebene gegen die letzte verschoben</translation>
    </message>
    <message>
        <source>slices are unevenly spaced, {low} to {high} mm</source>
        <translation>Schichten sind ungleichmäßig verteilt, {low} bis {high} mm</translation>
    </message>
    <message>
        <source>slices do not lie behind one another: they are shifted in their plane</source>
        <translation>Schichten liegen nicht hintereinander: sie sind in ihrer Ebene verschoben</translation>
    </message>
    <message>
        <source>slices lie side by side in one plane: positions and orientation contradict each other</source>
        <translation>Schichten liegen nebeneinander in einer Ebene: Positionen und Orientierung widersprechen sich</translation>
    </message>
    <message>
        <source>slices lie {gap} mm apart, the header says {stated}: some missing?</source>
        <translation>Schichten liegen {gap} mm auseinander, der Header sagt {stated}: fehlen welche?</translation>
    </message>
    <message>
        <source>slower than the echoes can resolve</source>
        <translation>langsamer als die Echos auflösen</translation>
    </message>
    <message>
        <source>some pictures have no echo time in the header</source>
        <translation>einige Bilder haben keine Echozeit im Header</translation>
    </message>
    <message>
        <source>spacing</source>
        <translation>Voxelgröße</translation>
    </message>
    <message>
        <source>sphere diameter of {part}</source>
        <translation>Kugeldurchmesser von {part}</translation>
    </message>
    <message>
        <source>spin echo: its decay gives R2, not R2*</source>
        <translation>Spin-Echo: gibt R2, nicht R2*</translation>
    </message>
    <message>
        <source>sslmode={mode} is not taken; give verify-full, or disable for a network you trust</source>
        <translation>sslmode={mode} wird nicht angenommen; geben Sie verify-full an, oder disable in einem Netz, dem Sie trauen</translation>
    </message>
    <message>
        <source>stopped before everything was found</source>
        <translation>abgebrochen, ehe alles gefunden war</translation>
    </message>
    <message>
        <source>stopped before everything was read</source>
        <translation>abgebrochen, ehe alles gelesen war</translation>
    </message>
    <message>
        <source>stopped: {number} of {count} instances are missing; the same again goes on</source>
        <translation>abgebrochen: {number} von {count} Instanzen fehlen; dasselbe noch einmal geht weiter</translation>
    </message>
    <message>
        <source>stopped: {number} of {count} instances were sent; the same again sends all</source>
        <translation>abgebrochen: {number} von {count} Instanzen wurden gesendet; dasselbe noch einmal sendet alle</translation>
    </message>
    <message>
        <source>stopped; {count} scans were added, run the command again for the rest</source>
        <translation>angehalten; {count} Scans wurden hinzugefügt, führen Sie den Befehl für den Rest noch einmal aus</translation>
    </message>
    <message>
        <source>stored values</source>
        <translation>gespeicherte Werte</translation>
    </message>
    <message>
        <source>stored values about the middle of their range</source>
        <translation>gespeicherte Werte um die Mitte ihres Bereichs</translation>
    </message>
    <message>
        <source>stores {stored} of {allocated} bits per value, which DICOM does not know</source>
        <translation>speichert {stored} von {allocated} Bit je Wert, was DICOM nicht kennt</translation>
    </message>
    <message>
        <source>take the proposed {mark}</source>
        <translation>Vorschlag {mark} übernehmen</translation>
    </message>
    <message>
        <source>taken as {part} by its name</source>
        <translation>nach dem Namen als {part} genommen</translation>
    </message>
    <message>
        <source>taken as {part} by the user</source>
        <translation>von Ihnen als {part} angegeben</translation>
    </message>
    <message>
        <source>text (in quotes, where it looks like a number)</source>
        <translation>Text (in Anführungszeichen, wo er wie eine Zahl aussieht)</translation>
    </message>
    <message>
        <source>the acquisition was stopped before its end</source>
        <translation>die Aufnahme wurde vor ihrem Ende abgebrochen</translation>
    </message>
    <message>
        <source>the air&apos;s mean says {share} % less noise than its SD: a masked background, or a filter</source>
        <translation>der Mittelwert der Luft spricht für {share} % weniger Rauschen als ihre SD: ein maskierter Hintergrund oder ein Filter</translation>
    </message>
    <message>
        <source>the air&apos;s mean says {share} % more noise than its SD: ghosts, or more coils</source>
        <translation>der Mittelwert der Luft spricht für {share} % mehr Rauschen als ihre SD: Geisterbilder oder mehr Spulen</translation>
    </message>
    <message>
        <source>the answer expected of {subject} does not serve: {reason}</source>
        <translation>die zu {subject} erwartete Antwort taugt nicht: {reason}</translation>
    </message>
    <message>
        <source>the answer {value} of {entry} ends the case, so a required question of type text in the same step must ask why, when {other} is {again}</source>
        <translation>die Antwort {value} auf {entry} beendet den Fall; eine verlangte Frage vom Typ text im selben Schritt muss fragen, warum, wenn {other} {again} ist</translation>
    </message>
    <message>
        <source>the archive could not send them</source>
        <translation>das Archiv konnte sie nicht senden</translation>
    </message>
    <message>
        <source>the archive does not have them any more</source>
        <translation>das Archiv hat sie nicht mehr</translation>
    </message>
    <message>
        <source>the archive gives reason {number}</source>
        <translation>das Archiv nennt Grund {number}</translation>
    </message>
    <message>
        <source>the archive gives status {number}</source>
        <translation>das Archiv nennt Status {number}</translation>
    </message>
    <message>
        <source>the archive left them out</source>
        <translation>das Archiv ließ sie aus</translation>
    </message>
    <message>
        <source>the archive sent another instance than the one asked for; ask who keeps it</source>
        <translation>das Archiv sandte eine andere Instanz als die verlangte; fragen Sie, wer es betreut</translation>
    </message>
    <message>
        <source>the archive sent what is no DICOM file; ask who keeps it</source>
        <translation>das Archiv sandte, was keine DICOM-Datei ist; fragen Sie, wer es betreut</translation>
    </message>
    <message>
        <source>the axis of a histogram must rise, not go from {low} to {high}</source>
        <translation>die Achse eines Histogramms muss steigen, nicht von {low} bis {high} gehen</translation>
    </message>
    <message>
        <source>the background was set to zero ({share} % of the voxels); it tells no noise</source>
        <translation>der Hintergrund wurde auf null gesetzt ({share} % der Voxel); er sagt nichts über das Rauschen</translation>
    </message>
    <message>
        <source>the baseline has no R2* map; add it again</source>
        <translation>die Baseline hat keine R2*-Karte; fügen Sie sie noch einmal hinzu</translation>
    </message>
    <message>
        <source>the calibration of {field} T is damaged; restore the study from a backup</source>
        <translation>die Kalibrierung für {field} T ist beschädigt; stellen Sie die Studie aus einer Sicherung wieder her</translation>
    </message>
    <message>
        <source>the case has a {kind} region already; add to it or remove it first</source>
        <translation>der Fall hat schon eine {kind}-ROI; ergänzen Sie sie oder entfernen Sie sie zuerst</translation>
    </message>
    <message>
        <source>the case has changed meanwhile, so this step does not fit; look and do it again</source>
        <translation>der Fall hat sich inzwischen geändert, daher passt dieser Schritt nicht; sehen Sie nach und wiederholen Sie ihn</translation>
    </message>
    <message>
        <source>the click is outside the picture</source>
        <translation>der Klick liegt außerhalb des Bildes</translation>
    </message>
    <message>
        <source>the click itself, or what is around it, is out of range</source>
        <translation>der Klick selbst oder seine Umgebung liegt außerhalb des Bereichs</translation>
    </message>
    <message>
        <source>the clock stood {days} days behind a time seen before</source>
        <translation>die Uhr stand {days} Tage hinter einer früheren Zeit</translation>
    </message>
    <message>
        <source>the clock was set forward by {days} days while the computer ran</source>
        <translation>die Uhr wurde bei laufendem Computer um {days} Tage vorgestellt</translation>
    </message>
    <message>
        <source>the complex fit needs phase images, which this series does not have</source>
        <translation>der komplexe Fit braucht Phasenbilder, die diese Serie nicht hat</translation>
    </message>
    <message>
        <source>the condition of {entry} looks at {value}, which is asked in a later step</source>
        <translation>die Bedingung von {entry} sieht auf {value}, die in einem späteren Schritt gefragt wird</translation>
    </message>
    <message>
        <source>the condition of {entry} runs in a circle: {way}</source>
        <translation>die Bedingung von {entry} läuft im Kreis: {way}</translation>
    </message>
    <message>
        <source>the condition of {entry} wants {value}, which is no choice of {other}</source>
        <translation>die Bedingung von {entry} will {value}, und das ist keine Antwort auf {other}</translation>
    </message>
    <message>
        <source>the condition of {entry}, about each {kind}, looks at {value}, about each {part}</source>
        <translation>die Bedingung von {entry}, je {kind}, sieht auf {value}, je {part}</translation>
    </message>
    <message>
        <source>the condition of {entry}: there is no question {value}</source>
        <translation>die Bedingung von {entry}: es gibt keine Frage {value}</translation>
    </message>
    <message>
        <source>the coordinator had this kit&apos;s password reset, so nothing is shown of it until its rater has chosen another; open it to choose one</source>
        <translation>die Koordination hat das Passwort dieses Kits zurücksetzen lassen, darum wird nichts daraus gezeigt, bis ein neues gewählt ist; öffnen Sie das Kit, um eines zu wählen</translation>
    </message>
    <message>
        <source>the coordinator&apos;s password is needed {what}, and the study has none; set one with `ferroread study password`</source>
        <translation>das Passwort der Studienkoordination wird gebraucht ({what}), und die Studie hat keines; setzen Sie es mit `ferroread study password`</translation>
    </message>
    <message>
        <source>the coordinator&apos;s password is needed {what}, and this is not it; try again</source>
        <translation>das Passwort der Studienkoordination wird gebraucht ({what}), und dies ist es nicht; versuchen Sie es noch einmal</translation>
    </message>
    <message>
        <source>the coordinator&apos;s password needs {count} characters or more; choose another</source>
        <translation>das Passwort der Studienkoordination braucht {count} Zeichen oder mehr; wählen Sie ein anderes</translation>
    </message>
    <message>
        <source>the corrections of case {alias} were altered</source>
        <translation>die Korrekturen von Fall {alias} wurden verändert</translation>
    </message>
    <message>
        <source>the database is damaged; have it restored from the site&apos;s backup</source>
        <translation>die Datenbank ist beschädigt; lassen Sie sie aus der Sicherung des Hauses wiederherstellen</translation>
    </message>
    <message>
        <source>the decoder broke down; it is damaged</source>
        <translation>der Dekoder ist abgestürzt; es ist beschädigt</translation>
    </message>
    <message>
        <source>the decoder does not start</source>
        <translation>der Dekoder startet nicht</translation>
    </message>
    <message>
        <source>the disk is full; make room and try again; what was saved is kept</source>
        <translation>die Platte ist voll; schaffen Sie Platz und versuchen Sie es noch einmal; Gespeichertes bleibt erhalten</translation>
    </message>
    <message>
        <source>the disk reports an error; check it and try again; what was saved is kept</source>
        <translation>die Platte meldet einen Fehler; prüfen Sie sie und versuchen Sie es noch einmal; Gespeichertes bleibt erhalten</translation>
    </message>
    <message>
        <source>the drawing crosses slices of the multi-echo series; draw in a view that runs along them</source>
        <translation>die Zeichnung kreuzt Schichten der Multi-Echo-Serie; zeichnen Sie in einem Bild, das entlang ihnen verläuft</translation>
    </message>
    <message>
        <source>the facts of a scan are damaged; restore the study from a backup</source>
        <translation>die Angaben zu einer Aufnahme sind beschädigt; stellen Sie die Studie aus einer Sicherung wieder her</translation>
    </message>
    <message>
        <source>the field is not in the header; inferred from the frequency</source>
        <translation>das Feld steht nicht im Header; aus der Frequenz erschlossen</translation>
    </message>
    <message>
        <source>the field is not in the header; type it below</source>
        <translation>das Feld steht nicht im Header; geben Sie es unten ein</translation>
    </message>
    <message>
        <source>the field of {subject}, {visit} is not known; give it in the manifest</source>
        <translation>die Feldstärke von {subject}, {visit} ist nicht bekannt; geben Sie sie im Manifest an</translation>
    </message>
    <message>
        <source>the first person of a study is its coordinator; name that one first</source>
        <translation>die erste Person einer Studie ist ihre Koordination; nennen Sie diese zuerst</translation>
    </message>
    <message>
        <source>the first step must show &apos;echoes&apos;, on whose grid regions are drawn</source>
        <translation>der erste Schritt muss &apos;echoes&apos; zeigen, auf deren Gitter ROIs gezeichnet werden</translation>
    </message>
    <message>
        <source>the fit is ready</source>
        <translation>der Fit ist bereit</translation>
    </message>
    <message>
        <source>the fit was stopped before it was done; nothing was kept</source>
        <translation>der Fit wurde vor dem Ende abgebrochen; nichts wurde behalten</translation>
    </message>
    <message>
        <source>the grid of a case is damaged</source>
        <translation>das Gitter eines Falls ist beschädigt</translation>
    </message>
    <message>
        <source>the guess is asked of every case; give one for each, or that you do not know</source>
        <translation>die Vermutung wird zu jedem Fall erfragt; geben Sie zu jedem eine an oder dass Sie es nicht wissen</translation>
    </message>
    <message>
        <source>the guess is asked once, when all cases are signed</source>
        <translation>die Vermutung wird einmal erfragt, wenn alle Fälle signiert sind</translation>
    </message>
    <message>
        <source>the header gives the field as {stated}; taken as gauss</source>
        <translation>der Header gibt das Feld mit {stated} an; als Gauß genommen</translation>
    </message>
    <message>
        <source>the header says {stated} T but its imaging frequency {inferred} T; check the field</source>
        <translation>der Header sagt {stated} T, seine Bildfrequenz aber {inferred} T; prüfen Sie das Feld</translation>
    </message>
    <message>
        <source>the key is given only with a reason; add --reason</source>
        <translation>der Schlüssel wird nur mit einem Grund gegeben; fügen Sie --reason hinzu</translation>
    </message>
    <message>
        <source>the key that signs was altered; ask the coordinator for an intact kit</source>
        <translation>der Schlüssel, der signiert, wurde verändert; bitten Sie den Koordinator um ein unversehrtes Kit</translation>
    </message>
    <message>
        <source>the kit has no case {alias}</source>
        <translation>das Kit hat keinen Fall {alias}</translation>
    </message>
    <message>
        <source>the kit is complete and its last page was given; ask the coordinator</source>
        <translation>das Kit ist fertig und seine letzte Seite abgegeben; fragen Sie den Koordinator</translation>
    </message>
    <message>
        <source>the kit is damaged; leave it as it is, and give it to the coordinator</source>
        <translation>das Kit ist beschädigt; lassen Sie es, wie es ist, und geben Sie es der Studienkoordination</translation>
    </message>
    <message>
        <source>the kit&apos;s protocol</source>
        <translation>das Protokoll des Kits</translation>
    </message>
    <message>
        <source>the layout {entry} has {count} panes, not {value}</source>
        <translation>die Aufteilung {entry} hat {count} Felder, nicht {value}</translation>
    </message>
    <message>
        <source>the mark is not there any more</source>
        <translation>die Markierung ist nicht mehr da</translation>
    </message>
    <message>
        <source>the mark lies outside the multi-echo series; set it inside the picture</source>
        <translation>die Markierung liegt außerhalb der Multi-Echo-Serie; setzen Sie sie ins Bild</translation>
    </message>
    <message>
        <source>the mark this ruler measures is not there</source>
        <translation>die Markierung, zu der dieses Maß gehört, gibt es nicht</translation>
    </message>
    <message>
        <source>the mark would lie outside the multi-echo series; keep it inside the picture</source>
        <translation>die Markierung läge außerhalb der Multi-Echo-Serie; lassen Sie sie im Bild</translation>
    </message>
    <message>
        <source>the mask has shape {one}, the series {other}; they must agree</source>
        <translation>die Maske hat die Form {one}, die Serie {other}; sie müssen übereinstimmen</translation>
    </message>
    <message>
        <source>the new password is the old one; choose another</source>
        <translation>das neue Passwort ist das alte; wählen Sie ein anderes</translation>
    </message>
    <message>
        <source>the number of coils must be from 1 to {most}, not {coils}</source>
        <translation>die Zahl der Spulen muss von 1 bis {most} sein, nicht {coils}</translation>
    </message>
    <message>
        <source>the overlay {entry} needs {value} among what the step shows</source>
        <translation>die Überlagerung {entry} braucht {value} unter dem, was der Schritt zeigt</translation>
    </message>
    <message>
        <source>the password was wrong too often; wait {count} seconds and try again</source>
        <translation>das Passwort war zu oft falsch; warten Sie {count} Sekunden und versuchen Sie es noch einmal</translation>
    </message>
    <message>
        <source>the people of this study have passwords of their own; change yours</source>
        <translation>die Personen dieser Studie haben eigene Passwörter; ändern Sie Ihres</translation>
    </message>
    <message>
        <source>the picture has shape {one}, its grid {other}</source>
        <translation>das Bild hat die Form {one}, sein Gitter {other}</translation>
    </message>
    <message>
        <source>the picture has shape {one}, the region {other}</source>
        <translation>das Bild hat die Form {one}, die ROI {other}</translation>
    </message>
    <message>
        <source>the picture holds no air that is noise alone</source>
        <translation>das Bild enthält keine Luft, die nur Rauschen ist</translation>
    </message>
    <message>
        <source>the picture {entry} is not shown in this step; add {value} to &apos;shows&apos;</source>
        <translation>das Bild {entry} wird in diesem Schritt nicht gezeigt; fügen Sie {value} zu &apos;shows&apos; hinzu</translation>
    </message>
    <message>
        <source>the picture {path} does not lie in the kit</source>
        <translation>das Bild {path} liegt nicht im Kit</translation>
    </message>
    <message>
        <source>the picture {path} is missing or cannot be read</source>
        <translation>das Bild {path} fehlt oder ist nicht lesbar</translation>
    </message>
    <message>
        <source>the picture {path} was altered; ask the coordinator for an intact kit</source>
        <translation>das Bild {path} wurde verändert; bitten Sie die Studienkoordination um ein unversehrtes Kit</translation>
    </message>
    <message>
        <source>the picture {path} {reason}; ask the coordinator for an intact kit</source>
        <translation>das Bild {path} {reason}; bitten Sie die Studienkoordination um ein unversehrtes Kit</translation>
    </message>
    <message>
        <source>the pictures have not one voxel of the coarsest in common; leave a scan out</source>
        <translation>die Bilder haben kein gröbstes Voxel gemeinsam; lassen Sie einen Scan weg</translation>
    </message>
    <message>
        <source>the plug-in {name} failed ({kind}); update or uninstall it, or ask its author</source>
        <translation>das Plug-in {name} ist gescheitert ({kind}); aktualisieren oder entfernen Sie es, oder fragen Sie, wer es schrieb</translation>
    </message>
    <message>
        <source>the point is not in the slice of the wire</source>
        <translation>der Punkt liegt nicht in der Schicht des magnetischen Umrisses</translation>
    </message>
    <message>
        <source>the profile is too short</source>
        <translation>das Profil ist zu kurz</translation>
    </message>
    <message>
        <source>the protocol begins with training, and the study has no scans for it; say whose they are with `study training`</source>
        <translation>das Protokoll beginnt mit einem Training, und die Studie hat keine Scans dafür; sagen Sie mit `study training`, wessen es sind</translation>
    </message>
    <message>
        <source>the protocol has no rule of adjudication; give it one before the kits are dealt</source>
        <translation>das Protokoll hat keine Regel zum Schlichten; geben Sie ihm eine, bevor Kits ausgegeben werden</translation>
    </message>
    <message>
        <source>the protocol lets raters guess the {of} among {choices}, and the study has {missing} too; name the same in both</source>
        <translation>das Protokoll lässt bei {of} zwischen {choices} raten, und die Studie hat auch {missing}; nennen Sie in beiden dasselbe</translation>
    </message>
    <message>
        <source>the protocol prescribes each {kind}, and the reference standard has none; give it with `study add --reference`</source>
        <translation>das Protokoll gibt jede Markierung der Art {kind} vor, und der Referenzstandard hat keine; geben Sie ihn mit `study add --reference`</translation>
    </message>
    <message>
        <source>the protocol prescribes each {kind}, and {target} of {subject} has no centre; complete the reference standard</source>
        <translation>das Protokoll gibt jede Markierung der Art {kind} vor, und {target} von {subject} hat keine Mitte; ergänzen Sie den Referenzstandard</translation>
    </message>
    <message>
        <source>the protocol {entry} has no question {value}</source>
        <translation>das Protokoll {entry} hat keine Frage {value}</translation>
    </message>
    <message>
        <source>the question {entry} belongs to a step {value} that is not there</source>
        <translation>die Frage {entry} gehört zu einem Schritt {value}, den es nicht gibt</translation>
    </message>
    <message>
        <source>the question {entry} is about each {kind}, which is finished in a later step</source>
        <translation>die Frage {entry} gilt je {kind}, und die wird in einem späteren Schritt fertig</translation>
    </message>
    <message>
        <source>the question {entry} needs at least two choices</source>
        <translation>die Frage {entry} braucht mindestens zwei Antworten zur Wahl</translation>
    </message>
    <message>
        <source>the question {entry} stands twice</source>
        <translation>die Frage {entry} steht zweimal da</translation>
    </message>
    <message>
        <source>the raters of session {number} disagree on nothing that was not sent already</source>
        <translation>die Befunder von Sitzung {number} sind sich in nichts uneinig, was nicht schon weitergegeben ist</translation>
    </message>
    <message>
        <source>the reading of case {alias} was altered; restore the study from a backup</source>
        <translation>die Befundung von Fall {alias} wurde verändert; stellen Sie die Studie aus einer Sicherung wieder her</translation>
    </message>
    <message>
        <source>the record does not describe an edit that this version knows</source>
        <translation>der Eintrag beschreibt keine Änderung, die diese Version kennt</translation>
    </message>
    <message>
        <source>the reference standard</source>
        <translation>der Referenzstandard</translation>
    </message>
    <message>
        <source>the region had shape {before} and would get {after}</source>
        <translation>die ROI hatte die Form {before} und bekäme {after}</translation>
    </message>
    <message>
        <source>the region has shape {one}, its grid {other}</source>
        <translation>die ROI hat die Form {one}, ihr Gitter {other}</translation>
    </message>
    <message>
        <source>the region is not there any more</source>
        <translation>die ROI gibt es nicht mehr</translation>
    </message>
    <message>
        <source>the region is too large to be kept</source>
        <translation>die ROI ist zu groß, um gespeichert zu werden</translation>
    </message>
    <message>
        <source>the region would leave the picture</source>
        <translation>die ROI ginge über das Bild hinaus</translation>
    </message>
    <message>
        <source>the region {entry} stands twice</source>
        <translation>die ROI {entry} steht zweimal da</translation>
    </message>
    <message>
        <source>the role may not do this here; ask who keeps the server</source>
        <translation>die Rolle darf das hier nicht; fragen Sie, wer den Server betreut</translation>
    </message>
    <message>
        <source>the role of {name} is damaged; restore the study from a backup</source>
        <translation>die Rolle von {name} ist beschädigt; stellen Sie die Studie aus einer Sicherung wieder her</translation>
    </message>
    <message>
        <source>the ruler is not there any more</source>
        <translation>das Maß gibt es nicht mehr</translation>
    </message>
    <message>
        <source>the scan has no R2* map; add it again</source>
        <translation>der Scan hat keine R2*-Karte; fügen Sie sie noch einmal hinzu</translation>
    </message>
    <message>
        <source>the scope of {entry} should be one of {allowed}, not {value}</source>
        <translation>scope von {entry} sollte eines von {allowed} sein, nicht {value}</translation>
    </message>
    <message>
        <source>the series needs more memory than this machine has; read fewer echoes or slices at a time</source>
        <translation>die Serie braucht mehr Speicher, als dieser Rechner hat; lesen Sie weniger Echos oder Schichten auf einmal</translation>
    </message>
    <message>
        <source>the series needs more than {size} GiB of memory</source>
        <translation>die Serie braucht mehr als {size} GiB Speicher</translation>
    </message>
    <message>
        <source>the series {name} cannot be fitted: {reason}</source>
        <translation>die Serie {name} lässt sich nicht fitten: {reason}</translation>
    </message>
    <message>
        <source>the series {name} has {count} echoes; it is no single picture</source>
        <translation>die Serie {name} hat {count} Echos; sie ist kein einzelnes Bild</translation>
    </message>
    <message>
        <source>the series {name} has {part}, no {what}</source>
        <translation>die Serie {name} hat {part}, aber nicht {what}</translation>
    </message>
    <message>
        <source>the series {name} makes no regular grid: {reason}</source>
        <translation>die Serie {name} ergibt kein regelmäßiges Gitter: {reason}</translation>
    </message>
    <message>
        <source>the server does not answer; check the network and try again; what was saved is kept</source>
        <translation>der Server antwortet nicht; prüfen Sie das Netz und versuchen Sie es noch einmal; was gespeichert war, bleibt</translation>
    </message>
    <message>
        <source>the server has no room left; make some and try again; what was saved is kept</source>
        <translation>der Server hat keinen Platz mehr; schaffen Sie welchen und versuchen Sie es noch einmal; was gespeichert war, bleibt</translation>
    </message>
    <message>
        <source>the server has no such database; ask who keeps the server for it</source>
        <translation>der Server hat keine solche Datenbank; fragen Sie danach, wer den Server betreut</translation>
    </message>
    <message>
        <source>the server is stopping or starting; wait a moment and try again; what was saved is kept</source>
        <translation>der Server fährt herunter oder hoch; warten Sie einen Augenblick und versuchen Sie es noch einmal; was gespeichert war, bleibt</translation>
    </message>
    <message>
        <source>the server names a file {file}, which lies in no kit; ask who keeps the server</source>
        <translation>der Server nennt eine Datei {file}, die in keinem Kit liegt; fragen Sie, wer den Server betreut</translation>
    </message>
    <message>
        <source>the server refuses the role or its password; check both, and the file .pgpass</source>
        <translation>der Server lehnt die Rolle oder ihr Passwort ab; prüfen Sie beide und die Datei .pgpass</translation>
    </message>
    <message>
        <source>the server takes no changes now; ask who keeps it</source>
        <translation>der Server nimmt jetzt keine Änderungen an; fragen Sie, wer ihn betreut</translation>
    </message>
    <message>
        <source>the server&apos;s certificate is not one that may be trusted; check sslrootcert and its name</source>
        <translation>dem Zertifikat des Servers ist nicht zu trauen; prüfen Sie sslrootcert und seinen Namen</translation>
    </message>
    <message>
        <source>the server&apos;s disk reports an error; have it checked; what was saved is kept</source>
        <translation>die Platte des Servers meldet einen Fehler; lassen Sie sie prüfen; was gespeichert war, bleibt</translation>
    </message>
    <message>
        <source>the share of repeats must lie between 0 and 0.5, not {value}</source>
        <translation>der Anteil der Wiederholungen muss zwischen 0 und 0.5 liegen, nicht {value}</translation>
    </message>
    <message>
        <source>the share of scans to be read must lie above 0 and up to 1, not {value}</source>
        <translation>der Anteil der Scans muss über 0 und bis 1 liegen, nicht {value}</translation>
    </message>
    <message>
        <source>the sidecar {name} is no JSON object and was not used</source>
        <translation>die Begleitdatei {name} ist kein JSON-Objekt und wurde nicht verwendet</translation>
    </message>
    <message>
        <source>the signatures of case {alias} were altered</source>
        <translation>die Unterschriften von Fall {alias} wurden verändert</translation>
    </message>
    <message>
        <source>the step {entry} shows nothing</source>
        <translation>der Schritt {entry} zeigt nichts</translation>
    </message>
    <message>
        <source>the step {entry} stands twice</source>
        <translation>der Schritt {entry} steht zweimal da</translation>
    </message>
    <message>
        <source>the step “{step}” is not done</source>
        <translation>der Schritt „{step}“ ist nicht erledigt</translation>
    </message>
    <message>
        <source>the steps of case {alias} were altered; ask the coordinator for an intact kit</source>
        <translation>die Schritte von Fall {alias} wurden verändert; bitten Sie die Studienkoordination um eine unversehrte Kopie</translation>
    </message>
    <message>
        <source>the study has no scan {scan}</source>
        <translation>die Studie hat kein Scan {scan}</translation>
    </message>
    <message>
        <source>the study has no scans to read; add them with `ferroread study add`</source>
        <translation>die Studie hat keine Scans zu befunden; fügen Sie sie mit `ferroread study add` hinzu</translation>
    </message>
    <message>
        <source>the study has no subject {subject}; add its scans first</source>
        <translation>die Studie hat kein Subjekt {subject}; fügen Sie zuerst seine Scans hinzu</translation>
    </message>
    <message>
        <source>the study is damaged; restore it from a backup</source>
        <translation>die Studie ist beschädigt; holen Sie sie aus einer Sicherung zurück</translation>
    </message>
    <message>
        <source>the study there is of an older FerroRead, and this log-in may not bring it up to date; have its owner&apos;s log-in open it first</source>
        <translation>die Studie dort ist von einem älteren FerroRead, und diese Anmeldung darf sie nicht aktualisieren; öffnen Sie sie zuerst mit der Anmeldung der Eigentümerin</translation>
    </message>
    <message>
        <source>the study there is of an older FerroRead; have the coordinator open it with this one</source>
        <translation>die Studie dort ist von einem älteren FerroRead; bitten Sie die Studienkoordination, sie mit diesem zu öffnen</translation>
    </message>
    <message>
        <source>the study&apos;s protocols ask for {days} days between sessions; a shorter wait needs a reason, which is recorded: add --reason</source>
        <translation>die Protokolle der Studie verlangen {days} Tage zwischen Sitzungen; eine kürzere Wartezeit braucht einen Grund, der festgehalten wird: fügen Sie --reason hinzu</translation>
    </message>
    <message>
        <source>the times of the kit&apos;s files cannot be set ({reason})</source>
        <translation>die Zeiten der Dateien des Kits lassen sich nicht setzen ({reason})</translation>
    </message>
    <message>
        <source>the training was not passed, so no case is opened; ask the coordinator</source>
        <translation>die Übung wurde nicht bestanden, daher wird kein Fall geöffnet; fragen Sie die Studienkoordination</translation>
    </message>
    <message>
        <source>the two pictures have shapes {one} and {other}</source>
        <translation>die beiden Bilder haben die Formen {one} und {other}</translation>
    </message>
    <message>
        <source>the two raters have read by different protocols, so their answers do not compare</source>
        <translation>die beiden Befunder haben nach verschiedenen Protokollen befundet, ihre Antworten sind nicht vergleichbar</translation>
    </message>
    <message>
        <source>the unit of the phase is not stated; it is taken from the range of its values</source>
        <translation>die Einheit der Phase ist nicht angegeben; sie wird aus dem Wertebereich erschlossen</translation>
    </message>
    <message>
        <source>the value {value} cannot be typed with one key; use 0 to 9</source>
        <translation>der Wert {value} lässt sich nicht mit einer Taste eingeben; nehmen Sie 0 bis 9</translation>
    </message>
    <message>
        <source>the value {value} stands twice</source>
        <translation>der Wert {value} steht zweimal da</translation>
    </message>
    <message>
        <source>the washout must be 0 days or more, not {value}</source>
        <translation>die Auswaschzeit muss 0 Tage oder mehr sein, nicht {value}</translation>
    </message>
    <message>
        <source>the wire needs a start; click on the edge first</source>
        <translation>der magnetische Umriss braucht einen Anfang; klicken Sie zuerst auf den Rand</translation>
    </message>
    <message>
        <source>the {kind} cannot be opened for writing; check its permissions</source>
        <translation>das {kind} lässt sich nicht zum Schreiben öffnen; prüfen Sie seine Rechte</translation>
    </message>
    <message>
        <source>the {kind} cannot be written; check its permissions</source>
        <translation>das {kind} lässt sich nicht schreiben; prüfen Sie seine Rechte</translation>
    </message>
    <message>
        <source>the {kind} is open in another program; close it there and try again</source>
        <translation>das {kind} ist in einem anderen Programm offen; schließen Sie es dort und versuchen Sie es noch einmal</translation>
    </message>
    <message>
        <source>the {kind} region</source>
        <translation>die {kind}-ROI</translation>
    </message>
    <message>
        <source>the {kind} region is not drawn</source>
        <translation>die {kind}-ROI ist nicht eingezeichnet</translation>
    </message>
    <message>
        <source>the {kind} region of case {alias}</source>
        <translation>die {kind}-ROI von Fall {alias}</translation>
    </message>
    <message>
        <source>then with so many</source>
        <translation>dann mit</translation>
    </message>
    <message>
        <source>there is no method {method}; choose one of {methods}</source>
        <translation>es gibt keine Methode {method}; wählen Sie eine von {methods}</translation>
    </message>
    <message>
        <source>there is no slice {number}; the picture has {count}</source>
        <translation>es gibt keine Schicht {number}; das Bild hat {count}</translation>
    </message>
    <message>
        <source>there is no slice {number}; the series has {count}</source>
        <translation>es gibt keine Schicht {number}; die Serie hat {count}</translation>
    </message>
    <message>
        <source>there is no step {entry}</source>
        <translation>es gibt keinen Schritt {entry}</translation>
    </message>
    <message>
        <source>there is no value where you clicked; click beside it</source>
        <translation>wo Sie geklickt haben, ist kein Wert; klicken Sie daneben</translation>
    </message>
    <message>
        <source>there is too little air outside the body that is noise alone</source>
        <translation>außerhalb des Körpers ist zu wenig Luft, die nur Rauschen ist</translation>
    </message>
    <message>
        <source>this Python has SQLite {number}, and {count} or newer is needed; install a newer Python</source>
        <translation>dieses Python hat SQLite {number}, und {count} oder neuer wird gebraucht; installieren Sie ein neueres Python</translation>
    </message>
    <message>
        <source>this answer</source>
        <translation>diese Antwort</translation>
    </message>
    <message>
        <source>this case</source>
        <translation>diesen Fall</translation>
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
        <source>this is not the content of a FerroRead {kind}, or it is damaged</source>
        <translation>das ist nicht der Inhalt eines FerroRead-{kind} oder er ist beschädigt</translation>
    </message>
    <message>
        <source>this is not the password of that person; try again</source>
        <translation>dies ist nicht das Passwort dieser Person; versuchen Sie es noch einmal</translation>
    </message>
    <message>
        <source>this is not the password that was chosen for this kit; try again</source>
        <translation>das ist nicht das Passwort, das für dieses Kit gewählt wurde; versuchen Sie es noch einmal</translation>
    </message>
    <message>
        <source>this ruler</source>
        <translation>dieses Maß</translation>
    </message>
    <message>
        <source>this session opens on {date}, in {days} days; come back then, or ask the coordinator</source>
        <translation>diese Sitzung öffnet am {date}, in {days} Tagen; kommen Sie dann wieder oder fragen Sie die Studienkoordination</translation>
    </message>
    <message>
        <source>this session opens on {date}; the clock of this computer was set forward, and that time does not count: set it right, or ask the coordinator</source>
        <translation>diese Sitzung öffnet am {date}; die Uhr dieses Computers wurde vorgestellt, und diese Zeit zählt nicht: stellen Sie sie richtig oder fragen Sie die Studienkoordination</translation>
    </message>
    <message>
        <source>this should be a set of named entries</source>
        <translation>hier sollten benannte Einträge stehen</translation>
    </message>
    <message>
        <source>this study has no people; its password is set with `ferroread study password`</source>
        <translation>diese Studie hat keine Personen; ihr Passwort wird mit `ferroread study password` gesetzt</translation>
    </message>
    <message>
        <source>this study has people; log in as one of them with --as NAME</source>
        <translation>diese Studie hat Personen; melden Sie sich mit --as NAME als eine davon an</translation>
    </message>
    <message>
        <source>to change the password</source>
        <translation>um das Passwort zu ändern</translation>
    </message>
    <message>
        <source>to cut the washout short</source>
        <translation>um die Auswaschzeit zu verkürzen</translation>
    </message>
    <message>
        <source>to give a person another password</source>
        <translation>um einer Person ein anderes Passwort zu geben</translation>
    </message>
    <message>
        <source>to look at answers before all are in</source>
        <translation>um Antworten zu sehen, bevor alle da sind</translation>
    </message>
    <message>
        <source>to name a person</source>
        <translation>um eine Person zu nennen</translation>
    </message>
    <message>
        <source>to put a backup in place</source>
        <translation>um eine Sicherung einzusetzen</translation>
    </message>
    <message>
        <source>to read the trail of a kit before all are in</source>
        <translation>um das Protokoll der Änderungen eines Kits zu lesen, bevor alle da sind</translation>
    </message>
    <message>
        <source>to retire a person</source>
        <translation>um eine Person zu verabschieden</translation>
    </message>
    <message>
        <source>to show the key</source>
        <translation>um den Schlüssel zu zeigen</translation>
    </message>
    <message>
        <source>to write images that name subjects before all are in</source>
        <translation>um Bilder zu schreiben, die Subjekte nennen, bevor alle da sind</translation>
    </message>
    <message>
        <source>too fast {count}</source>
        <translation>zu schnell {count}</translation>
    </message>
    <message>
        <source>too few voxels</source>
        <translation>zu wenige Voxel</translation>
    </message>
    <message>
        <source>too near to the picture&apos;s edge</source>
        <translation>zu nah am Bildrand</translation>
    </message>
    <message>
        <source>too slow {count}</source>
        <translation>zu langsam {count}</translation>
    </message>
    <message>
        <source>too uncertain</source>
        <translation>zu unsicher</translation>
    </message>
    <message>
        <source>trace {mark}</source>
        <translation>{mark} nachzeichnen</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>true oder false</translation>
    </message>
    <message>
        <source>tumour</source>
        <translation>Tumor</translation>
    </message>
    <message>
        <source>tumour {number}</source>
        <translation>Tumor {number}</translation>
    </message>
    <message>
        <source>turns its frames in more than {count} directions; no scan does</source>
        <translation>dreht seine Frames in mehr als {count} Richtungen; das tut keine Aufnahme</translation>
    </message>
    <message>
        <source>unlock {mark}</source>
        <translation>{mark} entsperren</translation>
    </message>
    <message>
        <source>values as in the file</source>
        <translation>Werte wie in der Datei</translation>
    </message>
    <message>
        <source>visits</source>
        <translation>Zeitpunkte</translation>
    </message>
    <message>
        <source>volume of {part}</source>
        <translation>Volumen von {part}</translation>
    </message>
    <message>
        <source>voxels differ in size, which no crop evens out; choose resample</source>
        <translation>die Voxel sind verschieden groß, was kein Zuschneiden angleicht; wählen Sie Umrechnen</translation>
    </message>
    <message>
        <source>what all scans have in common would cut off {targets}; leave out the scan with the smallest field of view</source>
        <translation>was alle Scans gemeinsam haben, würde {targets} abschneiden; lassen Sie den Scan mit dem kleinsten Bildfeld weg</translation>
    </message>
    <message>
        <source>what case {alias} expects is damaged</source>
        <translation>was Fall {alias} erwartet, ist beschädigt</translation>
    </message>
    <message>
        <source>what is asked of each {kind} region</source>
        <translation>was zu jeder {kind}-ROI gefragt wird,</translation>
    </message>
    <message>
        <source>what this answer is about is not there</source>
        <translation>das, worum es in dieser Antwort geht, gibt es nicht</translation>
    </message>
    <message>
        <source>what this answer is about is not there any more</source>
        <translation>das, worum es in dieser Antwort geht, gibt es nicht mehr</translation>
    </message>
    <message>
        <source>what was delivered of the kit is not a kit&apos;s file; ask for the kit itself</source>
        <translation>was vom Kit abgeliefert wurde, ist keine Datei eines Kits; verlangen Sie das Kit selbst</translation>
    </message>
    <message>
        <source>what was said of case {alias} is damaged</source>
        <translation>was über Fall {alias} gesagt wurde, ist beschädigt</translation>
    </message>
    <message>
        <source>what was sealed was altered; ask the coordinator for an intact kit</source>
        <translation>das Versiegelte wurde verändert; bitten Sie die Studienkoordination um ein unversehrtes Kit</translation>
    </message>
    <message>
        <source>wheel</source>
        <translation>Rad</translation>
    </message>
    <message>
        <source>when session {session} of {rater} was collected is damaged; restore the study from a backup</source>
        <translation>wann Sitzung {session} von {rater} eingesammelt wurde, ist beschädigt; stellen Sie die Studie aus einer Sicherung wieder her</translation>
    </message>
    <message>
        <source>whose kit this is can no longer be checked; let the coordinator rescue it, with --study and --reason</source>
        <translation>wessen Kit das ist, lässt sich nicht mehr prüfen; lassen Sie es die Studienkoordination retten, mit --study und --reason</translation>
    </message>
    <message>
        <source>witness.jsonl was missing from the study&apos;s folder, or damaged: kits may have been dealt, people named or retired, and the key shown, that nothing here tells of</source>
        <translation>witness.jsonl fehlte im Ordner der Studie oder war beschädigt: vielleicht wurden Kits ausgegeben, Personen genannt oder verabschiedet oder der Schlüssel gezeigt, ohne dass es hier bekannt ist</translation>
    </message>
    <message>
        <source>write text</source>
        <translation>Text schreiben</translation>
    </message>
    <message>
        <source>written</source>
        <translation>geschrieben</translation>
    </message>
    <message>
        <source>x axis</source>
        <translation>x-Achse</translation>
    </message>
    <message>
        <source>y axis</source>
        <translation>y-Achse</translation>
    </message>
    <message>
        <source>your password is needed {what}, and this is not it; try again</source>
        <translation>Ihr Passwort wird gebraucht ({what}), und dies ist es nicht; versuchen Sie es noch einmal</translation>
    </message>
    <message>
        <source>your password was given to you; choose one of your own with `ferroread study people password`</source>
        <translation>Ihr Passwort wurde Ihnen gegeben; wählen Sie mit `ferroread study people password` ein eigenes</translation>
    </message>
    <message>
        <source>z</source>
        <translation>z</translation>
    </message>
    <message>
        <source>{column} must be one line of at most {most} characters, without tabs; shorten it</source>
        <translation>{column} muss eine Zeile von höchstens {most} Zeichen ohne Tabulator sein; bitte kürzen</translation>
    </message>
    <message>
        <source>{count} ({names} and {more} more)</source>
        <translation>{count} ({names} und {more} weitere)</translation>
    </message>
    <message>
        <source>{count} cases are not signed and collected; {what} unblinds the study and takes a reason, which is recorded; add --reason</source>
        <translation>{count} Fälle sind nicht signiert und eingesammelt; es braucht einen Grund, der festgehalten wird, {what}: Das entblindet die Studie; --reason angeben</translation>
    </message>
    <message>
        <source>{count} duplicate {what} counted once</source>
        <translation>doppelt vorhanden und einmal gezählt: {count} {what}</translation>
    </message>
    <message>
        <source>{count} of them: {reason}</source>
        <translation>{count} davon: {reason}</translation>
    </message>
    <message>
        <source>{count} of {all} readings are not signed and collected: the study is unblinded before its readings are complete. Readings collected from now on are marked in every export</source>
        <translation>{count} von {all} Befundungen sind nicht signiert und eingesammelt: die Studie wird entblindet, bevor ihre Befundungen vollständig sind. Ab jetzt eingesammelte Befundungen werden in jedem Export gekennzeichnet</translation>
    </message>
    <message>
        <source>{count} of {all} readings of {rater} are signed and collected; adjudication begins when both have signed everything</source>
        <translation>{count} von {all} Befundungen von {rater} sind signiert und eingesammelt; die Schlichtung beginnt, wenn beide alles signiert haben</translation>
    </message>
    <message>
        <source>{count} volumes without echo times</source>
        <translation>{count} Volumen ohne Echozeiten</translation>
    </message>
    <message>
        <source>{count} {what} has</source>
        <translation>{count} {what} hat</translation>
    </message>
    <message>
        <source>{count} {what} have</source>
        <translation>{count} {what} haben</translation>
    </message>
    <message>
        <source>{count} {what} missing between {where}</source>
        <translation>{count} {what} zu wenig zwischen {where}</translation>
    </message>
    <message>
        <source>{entry} cannot be proposed; of regions only {listed} can</source>
        <translation>{entry} kann nicht vorgeschlagen werden; von den ROIs nur {listed}</translation>
    </message>
    <message>
        <source>{entry} holds a number twice</source>
        <translation>{entry} enthält eine Zahl zweimal</translation>
    </message>
    <message>
        <source>{entry} is kept for the {value} that every case has; choose another id</source>
        <translation>{entry} ist dem vorbehalten, was jeder Fall hat ({value}); wählen Sie eine andere id</translation>
    </message>
    <message>
        <source>{entry} is missing</source>
        <translation>{entry} fehlt</translation>
    </message>
    <message>
        <source>{entry} is not known here; known are {allowed}</source>
        <translation>{entry} ist hier nicht bekannt; bekannt sind {allowed}</translation>
    </message>
    <message>
        <source>{entry} is not one of {allowed}</source>
        <translation>{entry} ist keines von {allowed}</translation>
    </message>
    <message>
        <source>{entry} should be a list</source>
        <translation>{entry} sollte eine Liste sein</translation>
    </message>
    <message>
        <source>{entry} should be a list of whole numbers</source>
        <translation>{entry} sollte eine Liste ganzer Zahlen sein</translation>
    </message>
    <message>
        <source>{entry} should be a number from {least} to {most}</source>
        <translation>{entry} sollte eine Zahl von {least} bis {most} sein</translation>
    </message>
    <message>
        <source>{entry} should be a short name of letters, digits, - and _, not {value}</source>
        <translation>{entry} sollte ein kurzer Name aus Buchstaben, Ziffern, - und _ sein, nicht {value}</translation>
    </message>
    <message>
        <source>{entry} should be a whole number from {least} to {most}</source>
        <translation>{entry} sollte eine ganze Zahl von {least} bis {most} sein</translation>
    </message>
    <message>
        <source>{entry} should be one of {allowed}</source>
        <translation>{entry} sollte eines von {allowed} sein</translation>
    </message>
    <message>
        <source>{entry} should be two numbers, [lowest, highest]</source>
        <translation>{entry} sollten zwei Zahlen sein, [kleinste, größte]</translation>
    </message>
    <message>
        <source>{entry} should be {what}</source>
        <translation>{entry} sollte {what} sein</translation>
    </message>
    <message>
        <source>{entry} stands twice</source>
        <translation>{entry} steht zweimal da</translation>
    </message>
    <message>
        <source>{field} T, {role}: {reason}</source>
        <translation>{field} T, {role}: {reason}</translation>
    </message>
    <message>
        <source>{field} T: {count} of {all} scans look like no other ({what}), so whoever has two raters&apos; kits can lay them side by side</source>
        <translation>{field} T: {count} von {all} Scans gleichen keinem anderen ({what}); wer die Kits zweier Befunder hat, kann sie nebeneinander legen</translation>
    </message>
    <message>
        <source>{field} T: {what} differ in {part}: {values}</source>
        <translation>{field} T: {what} unterscheiden sich in {part}: {values}</translation>
    </message>
    <message>
        <source>{file} of the kit came damaged from the server; ask who keeps the server</source>
        <translation>{file} des Kits kam beschädigt vom Server; fragen Sie, wer den Server betreut</translation>
    </message>
    <message>
        <source>{folder} cannot be made ({cause}); choose another place</source>
        <translation>{folder} lässt sich nicht anlegen ({cause}); wählen Sie einen anderen Ort</translation>
    </message>
    <message>
        <source>{folder} cannot be written ({cause}); choose another place</source>
        <translation>{folder} lässt sich nicht schreiben ({cause}); wählen Sie einen anderen Ort</translation>
    </message>
    <message>
        <source>{folder} holds files that are not an earlier result; choose another place</source>
        <translation>{folder} enthält Dateien, die kein früheres Ergebnis sind; wählen Sie einen anderen Ort</translation>
    </message>
    <message>
        <source>{folder} holds files that no import has brought; choose another place</source>
        <translation>{folder} enthält Dateien, die kein Import gebracht hat; wählen Sie einen anderen Ort</translation>
    </message>
    <message>
        <source>{folder} holds {name}, which no earlier run wrote; move it away or choose another place</source>
        <translation>{folder} enthält {name}, das kein früherer Lauf geschrieben hat; verschieben Sie es oder wählen Sie einen anderen Ort</translation>
    </message>
    <message>
        <source>{folder}: it cannot be written ({reason}); make room or choose another</source>
        <translation>{folder}: lässt sich nicht beschreiben ({reason}); schaffen Sie Platz oder wählen Sie einen anderen</translation>
    </message>
    <message>
        <source>{folder}: {count} files were changed after they came; move them away</source>
        <translation>{folder}: {count} Dateien wurden nach dem Holen verändert; legen Sie sie beiseite</translation>
    </message>
    <message>
        <source>{kind} region</source>
        <translation>{kind}-ROI</translation>
    </message>
    <message>
        <source>{listed} are missing</source>
        <translation>{listed} fehlen</translation>
    </message>
    <message>
        <source>{listed} lead out of its folder and are not read</source>
        <translation>{listed} führen aus seinem Ordner hinaus und werden nicht gelesen</translation>
    </message>
    <message>
        <source>{map}: median {median} {unit} (quartiles {low} to {high}) in {count} voxels</source>
        <translation>{map}: Median {median} {unit} (Quartile {low} bis {high}) in {count} Voxeln</translation>
    </message>
    <message>
        <source>{map}: no voxel has a value</source>
        <translation>{map}: kein Voxel hat einen Wert</translation>
    </message>
    <message>
        <source>{method} does not go with leaving echoes out; choose nlls</source>
        <translation>{method} verträgt sich nicht mit dem Auslassen von Echos; wählen Sie nlls</translation>
    </message>
    <message>
        <source>{method} does not go with {what}; choose nlls, weighted or loglinear</source>
        <translation>{method} verträgt sich nicht mit {what}; wählen Sie nlls, weighted oder loglinear</translation>
    </message>
    <message>
        <source>{method} does not tell R2* alone; use run</source>
        <translation>{method} liefert nicht R2* allein; nehmen Sie run</translation>
    </message>
    <message>
        <source>{method} needs the noise, which could not be told; give it with --noise</source>
        <translation>{method} braucht das Rauschen, das sich nicht bestimmen ließ; geben Sie es mit --noise an</translation>
    </message>
    <message>
        <source>{method} on {count} echoes, {first} to {last} ms; noise {sigma} ({how})</source>
        <translation>{method} auf {count} Echos, {first} bis {last} ms; Rauschen {sigma} ({how})</translation>
    </message>
    <message>
        <source>{mode}  cut {cuts} mm</source>
        <translation>{mode}  Schnitt {cuts} mm</translation>
    </message>
    <message>
        <source>{names}: named after the backup was made, and not known here; name them again</source>
        <translation>{names}: nach der Sicherung genannt und hier nicht bekannt; nennen Sie sie erneut</translation>
    </message>
    <message>
        <source>{names}: retired after the backup was made; retire them again</source>
        <translation>{names}: nach der Sicherung verabschiedet; verabschieden Sie sie erneut</translation>
    </message>
    <message>
        <source>{name} holds an empty text</source>
        <translation>{name} enthält einen leeren Text</translation>
    </message>
    <message>
        <source>{name} is a role; give the person&apos;s own name</source>
        <translation>{name} ist eine Rolle; geben Sie den eigenen Namen der Person an</translation>
    </message>
    <message>
        <source>{name} is known to the study as {rater}, and called so in kits and tables</source>
        <translation>{name} ist der Studie als {rater} bekannt und heißt in Kits und Tabellen so</translation>
    </message>
    <message>
        <source>{name} is logged in; another coordinator retires this person</source>
        <translation>{name} ist angemeldet; eine andere Person mit der Rolle Koordination beendet die Mitarbeit</translation>
    </message>
    <message>
        <source>{name} is the last coordinator and stays; name another one first</source>
        <translation>{name} ist die letzte Koordination und bleibt; nennen Sie erst eine andere</translation>
    </message>
    <message>
        <source>{name} is written with letters of two alphabets; write the name with those of one</source>
        <translation>{name} ist mit Buchstaben zweier Alphabete geschrieben; schreiben Sie den Namen mit denen von einem</translation>
    </message>
    <message>
        <source>{name} stands twice; one scan per visit and field</source>
        <translation>{name} steht zweimal; ein Scan je Zeitpunkt und Feld</translation>
    </message>
    <message>
        <source>{name} works or worked at this study already; give another name</source>
        <translation>{name} arbeitet oder arbeitete schon an dieser Studie; geben Sie einen anderen Namen</translation>
    </message>
    <message>
        <source>{name}: a certificate or key cannot be read; add the server anew</source>
        <translation>{name}: ein Zertifikat oder Schlüssel lässt sich nicht lesen; richten Sie das Archiv neu ein</translation>
    </message>
    <message>
        <source>{name}: a log-in over http can be overheard; give an https URL</source>
        <translation>{name}: eine Anmeldung über http kann mitgehört werden; geben Sie eine https-Adresse an</translation>
    </message>
    <message>
        <source>{name}: an instance came cut short</source>
        <translation>{name}: eine Instanz kam unvollständig an</translation>
    </message>
    <message>
        <source>{name}: it cannot answer now (HTTP status {number}); try again later</source>
        <translation>{name}: keine Antwort möglich (HTTP-Status {number}); versuchen Sie es später</translation>
    </message>
    <message>
        <source>{name}: it does not answer, or asks for a certificate of yours; check the network and the URL</source>
        <translation>{name}: keine Antwort, oder ein Zertifikat von Ihnen wird verlangt; prüfen Sie Netz und Adresse</translation>
    </message>
    <message>
        <source>{name}: it does not answer, or its certificate is not trusted; check the network, host and port</source>
        <translation>{name}: keine Antwort, oder dem Zertifikat wird nicht vertraut; prüfen Sie Netz, Rechner und Port</translation>
    </message>
    <message>
        <source>{name}: it does not answer; check the network and the URL</source>
        <translation>{name}: keine Antwort; prüfen Sie Netz und Adresse</translation>
    </message>
    <message>
        <source>{name}: it does not answer; check the network, host and port</source>
        <translation>{name}: keine Antwort; prüfen Sie Netz, Rechner und Port</translation>
    </message>
    <message>
        <source>{name}: it does not know this AE title as a place to send to; ask who keeps it</source>
        <translation>{name}: kennt diesen AE-Titel nicht als Ziel; fragen Sie, wer das Archiv betreut</translation>
    </message>
    <message>
        <source>{name}: it refused (HTTP status {number})</source>
        <translation>{name}: abgelehnt (HTTP-Status {number})</translation>
    </message>
    <message>
        <source>{name}: it refused the connection; check the AE titles on both sides</source>
        <translation>{name}: die Verbindung wurde abgelehnt; prüfen Sie die AE-Titel auf beiden Seiten</translation>
    </message>
    <message>
        <source>{name}: it refused to search (status {number})</source>
        <translation>{name}: die Suche wurde abgelehnt (Status {number})</translation>
    </message>
    <message>
        <source>{name}: it refused to send (status {number})</source>
        <translation>{name}: das Senden wurde abgelehnt (Status {number})</translation>
    </message>
    <message>
        <source>{name}: its URL is none; add the server anew</source>
        <translation>{name}: seine Adresse ist keine; richten Sie das Archiv neu ein</translation>
    </message>
    <message>
        <source>{name}: its answer is no DICOM JSON; check the URL</source>
        <translation>{name}: seine Antwort ist kein DICOM-JSON; prüfen Sie die Adresse</translation>
    </message>
    <message>
        <source>{name}: its answer is no DICOM; check the URL</source>
        <translation>{name}: seine Antwort ist kein DICOM; prüfen Sie die Adresse</translation>
    </message>
    <message>
        <source>{name}: its certificate is not trusted, or it asks for one of yours; add the server anew</source>
        <translation>{name}: seinem Zertifikat wird nicht vertraut, oder es verlangt eines von Ihnen; richten Sie das Archiv neu ein</translation>
    </message>
    <message>
        <source>{name}: more than {count} studies match; narrow the filters</source>
        <translation>{name}: mehr als {count} Studien passen; engen Sie die Suche ein</translation>
    </message>
    <message>
        <source>{name}: nothing of it was taken</source>
        <translation>{name}: nichts davon wurde angenommen</translation>
    </message>
    <message>
        <source>{name}: port {number} is taken; end what listens there</source>
        <translation>{name}: Port {number} ist belegt; beenden Sie, was dort lauscht</translation>
    </message>
    <message>
        <source>{name}: say which studies are meant: by patient, date, accession, description, UID</source>
        <translation>{name}: sagen Sie, welche Studien gemeint sind: nach Patient, Datum, Auftragsnummer, Beschreibung, UID</translation>
    </message>
    <message>
        <source>{name}: the connection broke; try again</source>
        <translation>{name}: die Verbindung brach ab; versuchen Sie es noch einmal</translation>
    </message>
    <message>
        <source>{name}: the file of a certificate or key is gone; add the server anew</source>
        <translation>{name}: die Datei eines Zertifikats oder Schlüssels ist weg; richten Sie das Archiv neu ein</translation>
    </message>
    <message>
        <source>{name}: the log-in was refused; check user, password or token</source>
        <translation>{name}: die Anmeldung wurde abgelehnt; prüfen Sie Namen, Passwort oder Token</translation>
    </message>
    <message>
        <source>{name}: the series holds nothing that can be looked at</source>
        <translation>{name}: die Serie enthält nichts, was sich ansehen lässt</translation>
    </message>
    <message>
        <source>{name}: there is no such service at its URL; check the URL</source>
        <translation>{name}: unter seiner Adresse gibt es diesen Dienst nicht; prüfen Sie die Adresse</translation>
    </message>
    <message>
        <source>{number} of {count} instances</source>
        <translation>{number} von {count} Instanzen</translation>
    </message>
    <message>
        <source>{number} of {count} instances did not come: {reason}; the same again asks for them</source>
        <translation>{number} von {count} Instanzen kamen nicht: {reason}; dasselbe noch einmal fragt nach ihnen</translation>
    </message>
    <message>
        <source>{part} is incomplete: {what}</source>
        <translation>{part} ist unvollständig: {what}</translation>
    </message>
    <message>
        <source>{path} already exists; choose another place</source>
        <translation>{path} gibt es schon; wählen Sie einen anderen Ort</translation>
    </message>
    <message>
        <source>{path} belongs to another study; give that one</source>
        <translation>{path} gehört zu einer anderen Studie; geben Sie diese an</translation>
    </message>
    <message>
        <source>{path} came from no server; give it to the coordinator by hand</source>
        <translation>{path} kam von keinem Server; geben Sie es der Studienkoordination von Hand</translation>
    </message>
    <message>
        <source>{path} can be read by others; make it yours alone with `chmod 600`</source>
        <translation>{path} können andere lesen; machen Sie die Datei mit `chmod 600` zu Ihrer allein</translation>
    </message>
    <message>
        <source>{path} cannot be read ({cause}); check the disk and try again</source>
        <translation>{path} lässt sich nicht lesen ({cause}); prüfen Sie den Datenträger und versuchen Sie es noch einmal</translation>
    </message>
    <message>
        <source>{path} cannot be written, so that its password was tried cannot be recorded; copy the whole folder to a disk that can</source>
        <translation>{path} lässt sich nicht beschreiben, also nicht festhalten, dass das Passwort versucht wurde; kopieren Sie den ganzen Ordner auf einen Datenträger, der sich beschreiben lässt</translation>
    </message>
    <message>
        <source>{path} cannot be written; check its permissions</source>
        <translation>{path} lässt sich nicht schreiben; prüfen Sie die Rechte</translation>
    </message>
    <message>
        <source>{path} cannot be written; check its permissions and the disk</source>
        <translation>{path} kann nicht geschrieben werden; prüfen Sie die Rechte und den Datenträger</translation>
    </message>
    <message>
        <source>{path} does not exist; check the name</source>
        <translation>{path} gibt es nicht; prüfen Sie den Namen</translation>
    </message>
    <message>
        <source>{path} exists already; choose another place</source>
        <translation>{path} gibt es schon; wählen Sie einen anderen Ort</translation>
    </message>
    <message>
        <source>{path} holds no certificates; mend sslrootcert</source>
        <translation>{path} enthält keine Zertifikate; berichtigen Sie sslrootcert</translation>
    </message>
    <message>
        <source>{path} holds no study; restore it from a backup</source>
        <translation>{path} enthält keine Studie; stellen Sie sie aus einer Sicherung wieder her</translation>
    </message>
    <message>
        <source>{path} is a database, but not a FerroRead {kind}; choose another file</source>
        <translation>{path} ist eine Datenbank, aber kein FerroRead-{kind}; wählen Sie eine andere Datei</translation>
    </message>
    <message>
        <source>{path} is a file; choose another place for the folder</source>
        <translation>{path} ist eine Datei; wählen Sie einen anderen Ort für den Ordner</translation>
    </message>
    <message>
        <source>{path} is a folder; give the file a name</source>
        <translation>{path} ist ein Ordner; geben Sie der Datei einen Namen</translation>
    </message>
    <message>
        <source>{path} is a link that leads to itself; name the folder itself</source>
        <translation>{path} ist eine Verknüpfung, die auf sich selbst führt; nennen Sie den Ordner selbst</translation>
    </message>
    <message>
        <source>{path} is being delivered by another program; wait for it</source>
        <translation>{path} wird gerade von einem anderen Programm abgeliefert; warten Sie darauf</translation>
    </message>
    <message>
        <source>{path} is closed; open it again</source>
        <translation>{path} ist geschlossen; öffnen Sie es wieder</translation>
    </message>
    <message>
        <source>{path} is damaged; ask the coordinator for an intact copy</source>
        <translation>{path} ist beschädigt; bitten Sie die Studienkoordination um eine unversehrte Kopie</translation>
    </message>
    <message>
        <source>{path} is damaged; restore it from a backup</source>
        <translation>{path} ist beschädigt; holen Sie es aus einer Sicherung zurück</translation>
    </message>
    <message>
        <source>{path} is missing or was altered; restore it from a backup</source>
        <translation>{path} fehlt oder wurde verändert; holen Sie es aus einer Sicherung zurück</translation>
    </message>
    <message>
        <source>{path} is missing; restore it from a backup</source>
        <translation>{path} fehlt; stellen Sie es aus einer Sicherung wieder her</translation>
    </message>
    <message>
        <source>{path} is no kit that the server has for this role; ask the coordinator</source>
        <translation>{path} ist kein Kit, das der Server für diese Rolle hat; fragen Sie den Koordinator</translation>
    </message>
    <message>
        <source>{path} is not a FerroRead {kind}; choose another file</source>
        <translation>{path} ist kein FerroRead-{kind}; wählen Sie eine andere Datei</translation>
    </message>
    <message>
        <source>{path} is not a kit; choose the folder NAME.kit that the coordinator gave you</source>
        <translation>{path} ist kein Kit; wählen Sie den Ordner NAME.kit von Ihrer Studienkoordination</translation>
    </message>
    <message>
        <source>{path} is not a study; make one with `ferroread study create`</source>
        <translation>{path} ist keine Studie; legen Sie eine mit `ferroread study create` an</translation>
    </message>
    <message>
        <source>{path} is of another study than {place}; choose a backup of this one</source>
        <translation>{path} gehört zu einer anderen Studie als {place}; wählen Sie eine Sicherung von dieser</translation>
    </message>
    <message>
        <source>{path} is whole, so there is nothing to rescue; open it with `ferroread read`, or write out its trail with `ferroread kit audit`</source>
        <translation>{path} ist heil, es gibt also nichts zu retten; öffnen Sie es mit `ferroread read`, oder schreiben Sie sein Protokoll mit `ferroread kit audit` heraus</translation>
    </message>
    <message>
        <source>{path} lies in the study&apos;s own folder, which no rater gets; choose a place outside</source>
        <translation>{path} liegt im Ordner der Studie, den kein Befunder bekommt; wählen Sie einen Ort außerhalb</translation>
    </message>
    <message>
        <source>{path} lies on a network drive, where a crash or a second user can damage it; copy it to a local disk (for a site with several workstations use PostgreSQL)</source>
        <translation>{path} liegt auf einem Netzlaufwerk, wo ein Absturz oder ein zweiter Benutzer es beschädigen kann; kopieren Sie es auf eine lokale Platte (für mehrere Arbeitsplätze nehmen Sie PostgreSQL)</translation>
    </message>
    <message>
        <source>{path} line {number}: diameter_mm must be positive, not {value}</source>
        <translation>{path} Zeile {number}: diameter_mm muss positiv sein, nicht {value}</translation>
    </message>
    <message>
        <source>{path} line {number}: iron_ug_per_g cannot be negative, {value} is</source>
        <translation>{path} Zeile {number}: iron_ug_per_g kann nicht negativ sein, {value} ist es</translation>
    </message>
    <message>
        <source>{path} line {number}: kind must be tumour, lesion or node, not {value}</source>
        <translation>{path} Zeile {number}: kind muss tumour, lesion oder node sein, nicht {value}</translation>
    </message>
    <message>
        <source>{path} line {number}: malignant must be 1, 0 or empty</source>
        <translation>{path} Zeile {number}: malignant muss 1, 0 oder leer sein</translation>
    </message>
    <message>
        <source>{path} line {number}: target {target} of {subject} stands twice</source>
        <translation>{path} Zeile {number}: Ziel {target} von {subject} steht zweimal</translation>
    </message>
    <message>
        <source>{path} line {number}: value is empty; say what is expected</source>
        <translation>{path} Zeile {number}: value ist leer; sagen Sie, was erwartet wird</translation>
    </message>
    <message>
        <source>{path} line {number}: {column} should be a number, not {value}</source>
        <translation>{path} Zeile {number}: {column} sollte eine Zahl sein, nicht {value}</translation>
    </message>
    <message>
        <source>{path} line {number}: {subject}, {visit} stands twice</source>
        <translation>{path} Zeile {number}: {subject}, {visit} steht zweimal</translation>
    </message>
    <message>
        <source>{path} was not written ({cause}); make room or choose another place</source>
        <translation>{path} wurde nicht geschrieben ({cause}); schaffen Sie Platz oder wählen Sie einen anderen Ort</translation>
    </message>
    <message>
        <source>{path} was read on at another computer, so what was read here is not delivered; leave it as it is, and tell the coordinator</source>
        <translation>{path} wurde an einem anderen Rechner weiter befundet, darum wird das hier Befundete nicht abgeliefert; lassen Sie es, wie es ist, und sagen Sie es dem Koordinator</translation>
    </message>
    <message>
        <source>{path} was written by a newer FerroRead (schema {revision}); update FerroRead</source>
        <translation>{path} wurde von einem neueren FerroRead geschrieben (Schema {revision}); aktualisieren Sie FerroRead</translation>
    </message>
    <message>
        <source>{path} {reason}; choose a FerroRead {kind}</source>
        <translation>{path} {reason}; wählen Sie ein FerroRead-{kind}</translation>
    </message>
    <message>
        <source>{path}: audit record 1 is missing; restore it from a backup</source>
        <translation>{path}: der Eintrag 1 im Protokoll der Änderungen fehlt; holen Sie es aus einer Sicherung zurück</translation>
    </message>
    <message>
        <source>{path}: audit record {number} retires the rater&apos;s key, and this study knows nothing of it; the kit was altered, or the study is an older copy</source>
        <translation>{path}: der Eintrag {number} im Protokoll der Änderungen setzt den Schlüssel des Befunders außer Kraft, und diese Studie weiß nichts davon; das Kit wurde verändert, oder die Studie ist eine ältere Kopie</translation>
    </message>
    <message>
        <source>{path}: audit record {number} was altered; restore it from a backup</source>
        <translation>{path}: der Eintrag {number} im Protokoll der Änderungen wurde verändert; holen Sie es aus einer Sicherung zurück</translation>
    </message>
    <message>
        <source>{path}: cannot be read as a protocol in UTF-8 text</source>
        <translation>{path}: lässt sich nicht als Protokoll in UTF-8 lesen</translation>
    </message>
    <message>
        <source>{path}: has no series {series} for {role}; choose another</source>
        <translation>{path}: hat keine Serie {series} für {role}; wählen Sie eine andere</translation>
    </message>
    <message>
        <source>{path}: is far too long for a protocol</source>
        <translation>{path}: ist viel zu lang für ein Protokoll</translation>
    </message>
    <message>
        <source>{path}: is nested far too deep for a protocol</source>
        <translation>{path}: ist für ein Protokoll viel zu tief verschachtelt</translation>
    </message>
    <message>
        <source>{path}: no calibration for {field} T</source>
        <translation>{path}: keine Kalibrierung für {field} T</translation>
    </message>
    <message>
        <source>{path}: nothing in it is to be sent; name the folder that `study export` wrote</source>
        <translation>{path}: darin ist nichts zu senden; nennen Sie den Ordner, den `study export` schrieb</translation>
    </message>
    <message>
        <source>{path}: nothing of this kit can be read; keep it as it is, and look for a copy</source>
        <translation>{path}: von diesem Kit ist nichts mehr zu lesen; lassen Sie es, wie es ist, und suchen Sie eine Kopie</translation>
    </message>
    <message>
        <source>{path}: series {series} does not serve for {role}; choose another</source>
        <translation>{path}: Serie {series} taugt nicht für {role}; wählen Sie eine andere</translation>
    </message>
    <message>
        <source>{path}: table {table}, column {column} holds another kind of value; {reason}</source>
        <translation>{path}: Tabelle {table}, Spalte {column} enthält Werte anderer Art; {reason}</translation>
    </message>
    <message>
        <source>{path}: the kit is damaged; leave it as it is, and give it to the coordinator</source>
        <translation>{path}: das Kit ist beschädigt; lassen Sie es, wie es ist, und geben Sie es der Studienkoordination</translation>
    </message>
    <message>
        <source>{path}: the list of its pictures is damaged; restore the study from a backup</source>
        <translation>{path}: Die Liste der Bilder ist beschädigt; stellen Sie die Studie aus einer Sicherung wieder her</translation>
    </message>
    <message>
        <source>{path}: the study is damaged; restore it from a backup</source>
        <translation>{path}: die Studie ist beschädigt; holen Sie sie aus einer Sicherung zurück</translation>
    </message>
    <message>
        <source>{path}: there is no such file or folder; correct the manifest</source>
        <translation>{path}: es gibt keine solche Datei und keinen solchen Ordner; berichtigen Sie das Manifest</translation>
    </message>
    <message>
        <source>{path}: was scanned at {field} T, the manifest says {other} T; correct the manifest</source>
        <translation>{path}: wurde bei {field} T aufgenommen, das Manifest sagt {other} T; berichtigen Sie das Manifest</translation>
    </message>
    <message>
        <source>{path}: {fault}; restore it from a backup</source>
        <translation>{path}: {fault}; holen Sie es aus einer Sicherung zurück</translation>
    </message>
    <message>
        <source>{path}: {fault}; the kit is damaged; leave it as it is, and give it to the coordinator</source>
        <translation>{path}: {fault}; das Kit ist beschädigt; lassen Sie es, wie es ist, und geben Sie es der Studienkoordination</translation>
    </message>
    <message>
        <source>{path}: {reason}; ask the coordinator for an intact copy</source>
        <translation>{path}: {reason}; bitten Sie die Studienkoordination um eine unversehrte Kopie</translation>
    </message>
    <message>
        <source>{path}: {table} names what is not among the {other}; {reason}</source>
        <translation>{path}: {table} nennt, was unter {other} nicht steht; {reason}</translation>
    </message>
    <message>
        <source>{question} is about each {kind}; name the target it is expected of</source>
        <translation>{question} wird zu jeder Markierung der Art {kind} gefragt; nennen Sie das Ziel, von dem es erwartet wird</translation>
    </message>
    <message>
        <source>{rater} has a kit for session {number} already; its order is drawn once. Give a new --session for another round</source>
        <translation>{rater} hat für Sitzung {number} schon ein Kit; seine Reihenfolge wird einmal gezogen. Geben Sie für eine weitere Runde eine neue --session an</translation>
    </message>
    <message>
        <source>{rater} signed the last case {days} days ago ({reason}), and {asked} must lie between sessions; wait, or give --washout-days with a --reason</source>
        <translation>{rater} hat den letzten Fall vor {days} Tagen signiert ({reason}), und {asked} müssen zwischen Sitzungen liegen; warten Sie, oder geben Sie --washout-days mit einem Grund an</translation>
    </message>
    <message>
        <source>{rater} signed the last case {days} days ago, and {asked} must lie between sessions; wait, or give --washout-days with a --reason</source>
        <translation>{rater} hat den letzten Fall vor {days} Tagen signiert, und {asked} müssen zwischen Sitzungen liegen; warten Sie, oder geben Sie --washout-days mit einem Grund an</translation>
    </message>
    <message>
        <source>{rater} stands twice among the raters; give each a name of its own</source>
        <translation>{rater} steht zweimal unter den Befundern; geben Sie jedem einen eigenen Namen</translation>
    </message>
    <message>
        <source>{reason}, or type them below</source>
        <translation>{reason}, oder geben Sie sie unten ein</translation>
    </message>
    <message>
        <source>{region}: click along the edge, Enter closes</source>
        <translation>{region}: am Rand entlang klicken, Enter schließt</translation>
    </message>
    <message>
        <source>{region}: click corners, double click or Enter closes</source>
        <translation>{region}: Ecken klicken, Doppelklick oder Enter schließt</translation>
    </message>
    <message>
        <source>{region}: click takes the line shown</source>
        <translation>{region}: Klick nimmt die gezeigte Linie</translation>
    </message>
    <message>
        <source>{region}: drag from corner to corner</source>
        <translation>{region}: von Ecke zu Ecke ziehen</translation>
    </message>
    <message>
        <source>{region}: draw round it with the button held</source>
        <translation>{region}: bei gedrückter Taste umfahren</translation>
    </message>
    <message>
        <source>{region}: paint what looks alike, ∅ {mm} mm</source>
        <translation>{region}: Ähnliches malen, ∅ {mm} mm</translation>
    </message>
    <message>
        <source>{region}: paint, ∅ {mm} mm, [ and ] change it</source>
        <translation>{region}: malen, ∅ {mm} mm, [ und ] ändern sie</translation>
    </message>
    <message>
        <source>{region}: press in it, up and down widens and narrows</source>
        <translation>{region}: hineindrücken, auf und ab weitet und engt</translation>
    </message>
    <message>
        <source>{region}: take away, ∅ {mm} mm, [ and ] change it</source>
        <translation>{region}: wegnehmen, ∅ {mm} mm, [ und ] ändern sie</translation>
    </message>
    <message>
        <source>{server} has no kit for {role}; ask the coordinator</source>
        <translation>{server} hat kein Kit für {role}; fragen Sie den Koordinator</translation>
    </message>
    <message>
        <source>{server} holds no study; make one with `ferroread study create`</source>
        <translation>{server} enthält keine Studie; legen Sie mit `ferroread study create` eine an</translation>
    </message>
    <message>
        <source>{server}: the server does not wait for its disk (fsync is off), so that what is saved could be lost; have it set to on</source>
        <translation>{server}: Der Server wartet nicht auf seine Platte (fsync ist aus), sodass Gespeichertes verloren gehen könnte; lassen Sie es einschalten</translation>
    </message>
    <message>
        <source>{server}: the server is PostgreSQL {version}; FerroRead needs {least} or later</source>
        <translation>{server}: Der Server ist PostgreSQL {version}; FerroRead braucht {least} oder neuer</translation>
    </message>
    <message>
        <source>{server}: the server went away while it was saving, and whether it has is not known; when it is there again, open it and look</source>
        <translation>{server}: Der Server verschwand beim Speichern, und ob er es hat, ist nicht bekannt; wenn er wieder da ist, öffnen Sie noch einmal und sehen Sie nach</translation>
    </message>
    <message>
        <source>{subject} has no {kind} {target} with a centre in the reference standard</source>
        <translation>{subject} hat im Referenzstandard keine Markierung der Art {kind} namens {target} mit einer Mitte</translation>
    </message>
    <message>
        <source>{subject} is in group {group} above; a subject is in one group</source>
        <translation>{subject} ist oben in Gruppe {group}; ein Subjekt ist in einer Gruppe</translation>
    </message>
    <message>
        <source>{subject} is in group {group} already, not in {other}; correct the manifest</source>
        <translation>{subject} ist schon in Gruppe {group}, nicht in {other}; berichtigen Sie das Manifest</translation>
    </message>
    <message>
        <source>{subject}, {visit}, {field} T is in the study already</source>
        <translation>{subject}, {visit}, {field} T ist schon in der Studie</translation>
    </message>
    <message>
        <source>{subject}: has no multi-echo series fit for R2*; choose another folder</source>
        <translation>{subject}: hat keine Multi-Echo-Serie, die für R2* taugt; wählen Sie einen anderen Ordner</translation>
    </message>
    <message>
        <source>{url} is no address; give postgresql://ROLE@HOST:PORT/DATABASE</source>
        <translation>{url} ist keine Adresse; geben Sie postgresql://ROLE@HOST:PORT/DATABASE an</translation>
    </message>
    <message>
        <source>{what} belongs to the step “{step}”, which is locked</source>
        <translation>{what} gehört zum Schritt „{step}“, der gesperrt ist</translation>
    </message>
    <message>
        <source>{what} belongs to the step “{step}”, which is not open yet</source>
        <translation>{what} gehört zum Schritt „{step}“, der noch nicht offen ist</translation>
    </message>
    <message>
        <source>{what} is damaged</source>
        <translation>{what} ist beschädigt</translation>
    </message>
    <message>
        <source>{what} of {count} files, which is more than any medium holds; it is not followed</source>
        <translation>{what} von {count} Dateien, mehr als irgendein Medium fasst; ihm wird nicht gefolgt</translation>
    </message>
    <message>
        <source>{what} takes {kind}; {name} is here as {part}</source>
        <translation>{what}: Sache der {kind}; {name} ist hier für die {part}</translation>
    </message>
    <message>
        <source>{what} that names no file; the files beside it are read by themselves</source>
        <translation>{what}, das keine Datei nennt; die Dateien daneben werden für sich gelesen</translation>
    </message>
    <message>
        <source>{what} was altered</source>
        <translation>{what} wurde verändert</translation>
    </message>
    <message>
        <source>{what}, and {count} more {kind}</source>
        <translation>{what}, und {count} weitere {kind}</translation>
    </message>
    <message>
        <source>{what}: part of the series may be missing</source>
        <translation>{what}: ein Teil der Serie könnte fehlen</translation>
    </message>
    <message>
        <source>{what}: {reason}</source>
        <translation>{what}: {reason}</translation>
    </message>
    <message>
        <source>{what}; it is left out</source>
        <translation>{what}; wird ausgelassen</translation>
    </message>
    <message>
        <source>{what}; list them, in seconds, as EchoTime in {name}</source>
        <translation>{what}; nennen Sie sie, in Sekunden, als EchoTime in {name}</translation>
    </message>
    <message>
        <source>{what}; of the {count} files it names {reason}</source>
        <translation>{what}; von den {count} Dateien, die es nennt: {reason}</translation>
    </message>
    <message>
        <source>{what}; the {count} files it names are read by themselves</source>
        <translation>{what}; die {count} Dateien, die es nennt, werden für sich gelesen</translation>
    </message>
    <message>
        <source>{what}; {count} instances are there, and the same again goes on</source>
        <translation>{what}; {count} Instanzen sind da, und dasselbe noch einmal geht weiter</translation>
    </message>
    <message>
        <source>{where} several different pictures of one echo: coils, repetitions, a field map among magnitudes, or changed copies</source>
        <translation>{where} mehrere verschiedene Bilder eines Echos: Spulen, Wiederholungen, eine Feldkarte unter Magnituden oder veränderte Kopien</translation>
    </message>
    <message>
        <source>{where} several echo numbers but one echo time ({te} ms); the true ones are lost</source>
        <translation>{where} mehrere Echonummern, aber eine Echozeit ({te} ms); die wahren sind verloren</translation>
    </message>
    <message>
        <source>{where}: no file in it; choose the folder that holds the images</source>
        <translation>{where}: keine Datei darin; wählen Sie den Ordner mit den Bildern</translation>
    </message>
    <message>
        <source>{where}: no picture in {count} files ({reason})</source>
        <translation>{where}: kein Bild in {count} Dateien ({reason})</translation>
    </message>
    <message>
        <source>“{answer}” has ended this case; sign it, or change that answer first</source>
        <translation>„{answer}“ hat diesen Fall beendet; signieren Sie ihn oder ändern Sie erst diese Antwort</translation>
    </message>
    <message>
        <source>“{question}” holds signs that cannot be printed</source>
        <translation>„{question}“ enthält Zeichen, die sich nicht drucken lassen</translation>
    </message>
    <message>
        <source>“{question}” is a question about each {kind}, not about {mark}</source>
        <translation>„{question}“ ist eine Frage zu {kind}, nicht zu {mark}</translation>
    </message>
    <message>
        <source>“{question}” is answered with a number, not {value}</source>
        <translation>„{question}“ wird mit einer Zahl beantwortet, nicht mit {value}</translation>
    </message>
    <message>
        <source>“{question}” is answered with at most {most} characters, not {count}</source>
        <translation>„{question}“ wird mit höchstens {most} Zeichen beantwortet, nicht mit {count}</translation>
    </message>
    <message>
        <source>“{question}” is answered with one of {values}, not {value}</source>
        <translation>„{question}“ wird mit einem von {values} beantwortet, nicht mit {value}</translation>
    </message>
    <message>
        <source>“{question}” is answered with text</source>
        <translation>„{question}“ wird mit Text beantwortet</translation>
    </message>
    <message>
        <source>“{question}” is given in steps of {step}, not {value}</source>
        <translation>„{question}“ wird in Schritten von {step} angegeben, nicht {value}</translation>
    </message>
    <message>
        <source>“{question}” is not answered</source>
        <translation>„{question}“ ist nicht beantwortet</translation>
    </message>
    <message>
        <source>“{question}” is not answered for {mark}</source>
        <translation>„{question}“ ist für {mark} nicht beantwortet</translation>
    </message>
    <message>
        <source>“{question}” is not asked here, so it cannot be answered</source>
        <translation>„{question}“ wird hier nicht gefragt und kann nicht beantwortet werden</translation>
    </message>
    <message>
        <source>“{question}” lies between {least} and {most}, not {value}</source>
        <translation>„{question}“ liegt zwischen {least} und {most}, nicht {value}</translation>
    </message>
    <message>
        <source>“{question}” needs a text without spaces at its ends</source>
        <translation>„{question}“ braucht einen Text ohne Leerzeichen an den Enden</translation>
    </message>
    <message>
        <source>“{region}” is locked; unlock it to change it</source>
        <translation>„{region}“ ist gesperrt; entsperren Sie die ROI, um sie zu ändern</translation>
    </message>
    <message>
        <source>“{step}” cannot be closed yet</source>
        <translation>„{step}“ lässt sich noch nicht abschließen</translation>
    </message>
    <message>
        <source>“{step}” is the last step; sign the case instead</source>
        <translation>„{step}“ ist der letzte Schritt; signieren Sie stattdessen den Fall</translation>
    </message>
</context>
<context>
    <name>AdjudicatePage</name>
    <message>
        <source>Deal the third reader&apos;s kit …</source>
        <translation>Kit der dritten Person ausgeben …</translation>
    </message>
    <message>
        <source>Dealing the kit</source>
        <translation>Kit wird ausgegeben</translation>
    </message>
    <message>
        <source>First reader</source>
        <translation>Erste Person</translation>
    </message>
    <message>
        <source>Kits of adjudication</source>
        <translation>Kits zur Schlichtung</translation>
    </message>
    <message>
        <source>Name the kit&apos;s new folder</source>
        <translation>Neuen Ordner des Kits nennen</translation>
    </message>
    <message>
        <source>Second reader</source>
        <translation>Zweite Person</translation>
    </message>
    <message>
        <source>Session of the two</source>
        <translation>Sitzung der beiden</translation>
    </message>
    <message>
        <source>Third reader</source>
        <translation>Dritte Person</translation>
    </message>
    <message>
        <source>{path}: {cases} cases. Give this folder to {rater}</source>
        <translation>{path}: {cases} Fälle. Geben Sie diesen Ordner an {rater}</translation>
    </message>
</context>
<context>
    <name>AheadController</name>
    <message>
        <source>It has {taken} MB of pictures; at most {most} MB may be used for it in advance</source>
        <translation>Er hat {taken} MB Bilder; im Voraus dürfen höchstens {most} MB für ihn belegt werden</translation>
    </message>
    <message>
        <source>Next case not read ahead</source>
        <translation>Nächster Fall nicht vorgeladen</translation>
    </message>
    <message>
        <source>Next case ready</source>
        <translation>Nächster Fall bereit</translation>
    </message>
    <message>
        <source>{taken} MB of pictures, read while you read this case; {most} MB may be used for it</source>
        <translation>{taken} MB Bilder, geladen, während Sie diesen Fall befunden; {most} MB dürfen dafür belegt werden</translation>
    </message>
</context>
<context>
    <name>AnalysePage</name>
    <message>
        <source>All files are in {folder}</source>
        <translation>Alle Dateien liegen in {folder}</translation>
    </message>
    <message>
        <source>All tables are in {folder}</source>
        <translation>Alle Tabellen liegen in {folder}</translation>
    </message>
    <message>
        <source>Analyse into a new folder …</source>
        <translation>In einen neuen Ordner auswerten …</translation>
    </message>
    <message>
        <source>Analysing</source>
        <translation>Auswertung läuft</translation>
    </message>
    <message>
        <source>CSV as this computer&apos;s Excel opens it</source>
        <translation>CSV, wie Excel hier sie öffnet</translation>
    </message>
    <message>
        <source>Images into a new folder …</source>
        <translation>Bilder in einen neuen Ordner …</translation>
    </message>
    <message>
        <source>Look at the results …</source>
        <translation>Ergebnisse ansehen …</translation>
    </message>
    <message>
        <source>Main results</source>
        <translation>Wichtigste Ergebnisse</translation>
    </message>
    <message>
        <source>Name a new folder for the images</source>
        <translation>Neuen Ordner für die Bilder benennen</translation>
    </message>
    <message>
        <source>Name a new folder for the tables</source>
        <translation>Neuen Ordner für die Tabellen nennen</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Regions as DICOM SEG and RTSTRUCT, maps, scores as DICOM SR; NIfTI as well</source>
        <translation>ROIs als DICOM SEG und RTSTRUCT, Karten, Bewertungen als DICOM SR; dazu NIfTI</translation>
    </message>
    <message>
        <source>Tables, plots and cases in a window</source>
        <translation>Tabellen, Diagramme und Fälle in einem Fenster</translation>
    </message>
    <message>
        <source>Writing images</source>
        <translation>Bilder werden geschrieben</translation>
    </message>
</context>
<context>
    <name>AnalysisWindow</name>
    <message>
        <source>Begin the analysis that was stopped anew</source>
        <translation>Die angehaltene Auswertung neu beginnen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cases</source>
        <translation>Fälle</translation>
    </message>
    <message>
        <source>How far the work is</source>
        <translation>Fortschritt der Arbeit</translation>
    </message>
    <message>
        <source>Measuring the regions of all readings …</source>
        <translation>Die ROIs aller Befundungen werden gemessen …</translation>
    </message>
    <message>
        <source>No reading of this case is among those that are shown</source>
        <translation>Keine Befundung dieses Falls ist unter den gezeigten</translation>
    </message>
    <message>
        <source>Readings: {count} by {raters} readers</source>
        <translation>Befundungen: {count}; Befunder: {raters}</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>Ergebnisse</translation>
    </message>
    <message>
        <source>Start again</source>
        <translation>Neu beginnen</translation>
    </message>
    <message>
        <source>Stop the analysis; what was shown before stays</source>
        <translation>Die Auswertung anhalten; was vorher gezeigt war, bleibt</translation>
    </message>
    <message>
        <source>The analysis was stopped</source>
        <translation>Die Auswertung wurde angehalten</translation>
    </message>
    <message>
        <source>There are no results to show</source>
        <translation>Es gibt keine Ergebnisse zu zeigen</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Ansicht</translation>
    </message>
    <message>
        <source>changes and times count from the earliest visit that is ticked</source>
        <translation>Änderungen und Zeiten zählen ab dem frühesten angehakten Zeitpunkt</translation>
    </message>
    <message>
        <source>collected after unblinding: {count}</source>
        <translation>nach der Entblindung eingesammelt: {count}</translation>
    </message>
    <message>
        <source>disagreement {number} of {count}</source>
        <translation>Abweichung {number} von {count}</translation>
    </message>
    <message>
        <source>ended early: {count}</source>
        <translation>vorzeitig beendet: {count}</translation>
    </message>
    <message>
        <source>guesses collected after unblinding: {count}</source>
        <translation>Vermutungen nach der Entblindung eingesammelt: {count}</translation>
    </message>
    <message>
        <source>left out by the filters: {count}</source>
        <translation>durch Filter ausgelassen: {count}</translation>
    </message>
    <message>
        <source>scans not read: {count} of {all}</source>
        <translation>nicht befundete Scans: {count} von {all}</translation>
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
        <source>=  {value} {unit}   {what}</source>
        <translation>=  {value} {unit}   {what}</translation>
    </message>
    <message>
        <source>Note and query</source>
        <translation>Notiz und Rückfrage</translation>
    </message>
    <message>
        <source>Nothing is measured that would answer this question</source>
        <translation>Nichts ist gemessen, was diese Frage beantworten würde</translation>
    </message>
    <message>
        <source>There is no finding yet</source>
        <translation>Es gibt noch keinen Befund</translation>
    </message>
    <message>
        <source>This case</source>
        <translation>Dieser Fall</translation>
    </message>
    <message>
        <source>{done} of {all}</source>
        <translation>{done} von {all}</translation>
    </message>
    <message>
        <source>{finding} (given)</source>
        <translation>{finding} (vorgegeben)</translation>
    </message>
    <message>
        <source>{left} of {all} to answer</source>
        <translation>noch {left} von {all} offen</translation>
    </message>
</context>
<context>
    <name>ArchiveDialog</name>
    <message numerus="yes">
        <source>%n series</source>
        <translation>
            <numerusform>%n Serie</numerusform>
            <numerusform>%n Serien</numerusform>
        </translation>
    </message>
    <message>
        <source>* and ? stand for any letters</source>
        <translation>* und ? stehen für beliebige Zeichen</translation>
    </message>
    <message>
        <source>Archive</source>
        <translation>Archiv</translation>
    </message>
    <message>
        <source>Asking</source>
        <translation>Archiv wird gefragt</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>From an archive</source>
        <translation>Aus einem Archiv</translation>
    </message>
    <message>
        <source>From an archive: {name}</source>
        <translation>Aus einem Archiv: {name}</translation>
    </message>
    <message>
        <source>Import all found …</source>
        <translation>Alle gefundenen holen …</translation>
    </message>
    <message>
        <source>Import this series …</source>
        <translation>Diese Serie holen …</translation>
    </message>
    <message>
        <source>Importing</source>
        <translation>Bilder werden geholt</translation>
    </message>
    <message>
        <source>Modality</source>
        <translation>Modalität</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Name a folder for the images; one that an import has begun is gone on with</source>
        <translation>Nennen Sie einen Ordner für die Bilder; ein begonnener wird fortgesetzt</translation>
    </message>
    <message>
        <source>No archive was added yet: see ferroread pacs add --help</source>
        <translation>Noch kein Archiv eingerichtet: siehe ferroread pacs add --help</translation>
    </message>
    <message>
        <source>Nothing matches</source>
        <translation>Nichts passt</translation>
    </message>
    <message>
        <source>One picture of the chosen series will be here</source>
        <translation>Hier erscheint ein Bild der gewählten Serie</translation>
    </message>
    <message>
        <source>One picture of the series</source>
        <translation>Ein Bild der Serie</translation>
    </message>
    <message>
        <source>Password or token</source>
        <translation>Passwort oder Token</translation>
    </message>
    <message>
        <source>Patient ID</source>
        <translation>Patienten-ID</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Reading a picture …</source>
        <translation>Bild wird gelesen …</translation>
    </message>
    <message>
        <source>Series</source>
        <translation>Serie</translation>
    </message>
    <message>
        <source>Series found in the archive</source>
        <translation>Im Archiv gefundene Serien</translation>
    </message>
    <message>
        <source>Stop what is under way</source>
        <translation>Laufendes abbrechen</translation>
    </message>
    <message>
        <source>Stopped; what came stays, and the same folder goes on from there</source>
        <translation>Abgebrochen; was kam, bleibt, und derselbe Ordner geht von dort weiter</translation>
    </message>
    <message>
        <source>Study</source>
        <translation>Studie</translation>
    </message>
    <message>
        <source>Study date</source>
        <translation>Studiendatum</translation>
    </message>
    <message>
        <source>These pictures cannot be shown</source>
        <translation>Diese Bilder lassen sich nicht zeigen</translation>
    </message>
    <message>
        <source>as the keyring has it</source>
        <translation>wie im Schlüsselbund</translation>
    </message>
    <message>
        <source>one instance of the series</source>
        <translation>eine Instanz der Serie</translation>
    </message>
    <message>
        <source>{name} asks for a log-in; type its password or token</source>
        <translation>{name} verlangt eine Anmeldung; geben Sie Passwort oder Token ein</translation>
    </message>
</context>
<context>
    <name>AxesController</name>
    <message>
        <source>long {mm} mm</source>
        <translation>lang {mm} mm</translation>
    </message>
    <message>
        <source>short {mm} mm</source>
        <translation>kurz {mm} mm</translation>
    </message>
</context>
<context>
    <name>BoxPicture</name>
    <message>
        <source>Drag draws a box, a click chooses one, Delete takes it away</source>
        <translation>Ziehen zeichnet einen Kasten, ein Klick wählt ihn, Entf nimmt ihn weg</translation>
    </message>
</context>
<context>
    <name>BugWindow</name>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Bericht</translation>
    </message>
    <message>
        <source>Save as …</source>
        <translation>Speichern unter …</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>Bericht speichern</translation>
    </message>
    <message>
        <source>Saved as {file}</source>
        <translation>Gespeichert als {file}</translation>
    </message>
    <message>
        <source>Something went wrong</source>
        <translation>Etwas ist schiefgegangen</translation>
    </message>
    <message>
        <source>Text (*.txt)</source>
        <translation>Text (*.txt)</translation>
    </message>
    <message>
        <source>The report is copied</source>
        <translation>Der Bericht ist kopiert</translation>
    </message>
    <message>
        <source>This is the whole report. It holds places in the program and versions, no names, answers or pictures. Nothing is sent by itself: whoever wants to help sends it by hand.</source>
        <translation>Das ist der ganze Bericht. Er enthält Stellen im Programm und Versionen, keine Namen, Antworten oder Bilder. Nichts wird von selbst gesendet: Wer helfen will, sendet ihn von Hand.</translation>
    </message>
</context>
<context>
    <name>CaseController</name>
    <message>
        <source>The pictures of this step are still being read; answer when they are there</source>
        <translation>Die Bilder dieses Schritts werden noch gelesen; antworten Sie, wenn sie da sind</translation>
    </message>
    <message>
        <source>{error}. What you did last is not on disk. An edit is kept, and tried again</source>
        <translation>{error}. Was Sie zuletzt getan haben, ist nicht auf der Platte. Eine Änderung wird behalten und noch einmal versucht</translation>
    </message>
</context>
<context>
    <name>CasePane</name>
    <message>
        <source>Both readers&apos; answers</source>
        <translation>Antworten beider Befunder</translation>
    </message>
    <message>
        <source>Click a point in a plot or a line under Cases, or press F</source>
        <translation>Klicken Sie auf einen Punkt in einem Diagramm oder auf eine Zeile unter Fälle, oder drücken Sie F</translation>
    </message>
    <message>
        <source>Dice of the tumour {value}</source>
        <translation>Dice des Tumors {value}</translation>
    </message>
    <message>
        <source>Next disagreement</source>
        <translation>Nächste Abweichung</translation>
    </message>
    <message>
        <source>No case chosen</source>
        <translation>Kein Fall gewählt</translation>
    </message>
    <message>
        <source>Picture of the case</source>
        <translation>Bild des Falls</translation>
    </message>
    <message>
        <source>Previous</source>
        <translation>Vorige</translation>
    </message>
    <message>
        <source>Previous disagreement</source>
        <translation>Vorige Abweichung</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>Frage</translation>
    </message>
    <message>
        <source>Reading the pictures …</source>
        <translation>Die Bilder werden gelesen …</translation>
    </message>
    <message>
        <source>The case whose answers differ next, the farthest apart first (F)</source>
        <translation>Der nächste Fall mit verschiedenen Antworten, die größte Abweichung zuerst (F)</translation>
    </message>
    <message>
        <source>The disagreement before (Shift+F)</source>
        <translation>Die Abweichung davor (Umschalt+F)</translation>
    </message>
</context>
<context>
    <name>CasesPage</name>
    <message>
        <source>Apart</source>
        <translation>Abstand</translation>
    </message>
    <message>
        <source>Cases</source>
        <translation>Fälle</translation>
    </message>
    <message>
        <source>Cases: {count}; with answers that differ: {differing}</source>
        <translation>Fälle: {count}; mit verschiedenen Antworten: {differing}</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy the list of cases</source>
        <translation>Die Fallliste kopieren</translation>
    </message>
    <message>
        <source>Dice</source>
        <translation>Dice</translation>
    </message>
    <message>
        <source>Differ</source>
        <translation>Verschieden</translation>
    </message>
    <message>
        <source>Field, T</source>
        <translation>Feld, T</translation>
    </message>
    <message>
        <source>First reader</source>
        <translation>Erster Befunder</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>Gruppe</translation>
    </message>
    <message>
        <source>How far the tumour regions lie over each other, 0 to 1</source>
        <translation>Wie weit sich die Tumor-ROIs decken, 0 bis 1</translation>
    </message>
    <message>
        <source>How many answers differ</source>
        <translation>Wie viele Antworten verschieden sind</translation>
    </message>
    <message>
        <source>Of every answer 0 where both agree to 1 at the ends of its scale, summed up</source>
        <translation>Je Antwort von 0, wo beide übereinstimmen, bis 1 an den Enden der Skala, aufsummiert</translation>
    </message>
    <message>
        <source>Save the list of cases as CSV</source>
        <translation>Die Fallliste als CSV speichern</translation>
    </message>
    <message>
        <source>Save …</source>
        <translation>Speichern …</translation>
    </message>
    <message>
        <source>Second reader</source>
        <translation>Zweiter Befunder</translation>
    </message>
    <message>
        <source>Session</source>
        <translation>Sitzung</translation>
    </message>
    <message>
        <source>Subject</source>
        <translation>Subjekt</translation>
    </message>
    <message>
        <source>Visit</source>
        <translation>Zeitpunkt</translation>
    </message>
</context>
<context>
    <name>ChoiceCard</name>
    <message>
        <source>answered {value}, {label}</source>
        <translation>beantwortet mit {value}, {label}</translation>
    </message>
</context>
<context>
    <name>ChoiceRow</name>
    <message>
        <source>{anchor} Ends this case.</source>
        <translation>{anchor} Beendet diesen Fall.</translation>
    </message>
</context>
<context>
    <name>CollectPage</name>
    <message>
        <source>A kit that came back, or a folder with several; they can be dropped here</source>
        <translation>Ein zurückgekommenes Kit oder ein Ordner mit mehreren; Ablegen mit der Maus geht auch</translation>
    </message>
    <message>
        <source>A kit, or a folder with kits</source>
        <translation>Ein Kit oder ein Ordner mit Kits</translation>
    </message>
    <message>
        <source>Collect kits …</source>
        <translation>Kits einsammeln …</translation>
    </message>
    <message>
        <source>Collecting</source>
        <translation>Einsammeln läuft</translation>
    </message>
    <message>
        <source>Kits that were collected now</source>
        <translation>Jetzt eingesammelte Kits</translation>
    </message>
    <message>
        <source>Readings taken in: {taken}. Kits refused: {failed}</source>
        <translation>Befundungen übernommen: {taken}. Kits abgelehnt: {failed}</translation>
    </message>
    <message>
        <source>complete</source>
        <translation>vollständig</translation>
    </message>
    <message>
        <source>more to come</source>
        <translation>es kommt noch mehr</translation>
    </message>
    <message>
        <source>the guess is still to come</source>
        <translation>die Vermutung steht noch aus</translation>
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
        <translation>{end}; Wert tippen und Enter drücken</translation>
    </message>
</context>
<context>
    <name>ControlsDialog</name>
    <message>
        <source>How the windows look; pictures stay on black</source>
        <translation>Wie die Fenster aussehen; Bilder bleiben auf Schwarz</translation>
    </message>
    <message>
        <source>Key for {action}</source>
        <translation>Taste für {action}</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Mouse</source>
        <translation>Maus</translation>
    </message>
    <message>
        <source>Mouse as in</source>
        <translation>Maus wie in</translation>
    </message>
    <message>
        <source>No blinking, fading or sliding</source>
        <translation>Kein Blinken, Einblenden oder Gleiten</translation>
    </message>
    <message>
        <source>Nothing moves by itself</source>
        <translation>Nichts bewegt sich von selbst</translation>
    </message>
    <message>
        <source>Press the key; clear it to use none</source>
        <translation>Taste drücken; leeren für keine</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Take back every change</source>
        <translation>Alle Änderungen zurücknehmen</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Farben</translation>
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
    <name>CornersController</name>
    <message>
        <source>An outline needs at least three corners</source>
        <translation>Ein Umriss braucht mindestens drei Ecken</translation>
    </message>
</context>
<context>
    <name>Curtain</name>
    <message numerus="yes">
        <source>%n wrong password(s) since your last log-in, the last at {time} UTC.</source>
        <translation>
            <numerusform>%n falsches Passwort seit Ihrer letzten Anmeldung, zuletzt um {time} UTC.</numerusform>
            <numerusform>%n falsche Passwörter seit Ihrer letzten Anmeldung, zuletzt um {time} UTC.</numerusform>
        </translation>
    </message>
    <message>
        <source>Locked. Everything is as you left it.</source>
        <translation>Gesperrt. Alles ist, wie Sie es verlassen haben.</translation>
    </message>
</context>
<context>
    <name>DamagedKit</name>
    <message>
        <source>A damaged kit</source>
        <translation>Ein beschädigtes Kit</translation>
    </message>
    <message>
        <source>All that was read is whole</source>
        <translation>Alles Gelesene ist unversehrt</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Name a new folder for what is left</source>
        <translation>Neuen Ordner für das Erhaltene benennen</translation>
    </message>
    <message>
        <source>Not whole: {parts}</source>
        <translation>Nicht unversehrt: {parts}</translation>
    </message>
    <message>
        <source>Save what is left …</source>
        <translation>Erhaltenes speichern …</translation>
    </message>
    <message>
        <source>Saved in {folder}, with a copy of the kit&apos;s file. Give both to the coordinator</source>
        <translation>Gespeichert in {folder}, mit einer Kopie der Datei des Kits. Geben Sie beides der Studienkoordination</translation>
    </message>
    <message>
        <source>Show what is left</source>
        <translation>Erhaltenes zeigen</translation>
    </message>
    <message>
        <source>The kit&apos;s file is damaged. It is left as it is, as evidence, and cannot be read on. Give the kit to the coordinator. With your password you see what is left of your work, and save it.</source>
        <translation>Die Datei des Kits ist beschädigt. Sie bleibt als Beleg, wie sie ist, und kann nicht weiter befundet werden. Geben Sie das Kit der Studienkoordination. Mit Ihrem Passwort sehen Sie, was von Ihrer Arbeit erhalten ist, und speichern es.</translation>
    </message>
    <message>
        <source>What is left</source>
        <translation>Erhalten ist</translation>
    </message>
    <message>
        <source>Your password</source>
        <translation>Ihr Passwort</translation>
    </message>
    <message>
        <source>not signed</source>
        <translation>nicht signiert</translation>
    </message>
    <message>
        <source>signed, and it holds</source>
        <translation>signiert, und gültig</translation>
    </message>
    <message>
        <source>signed, but it does not hold</source>
        <translation>signiert, aber nicht gültig</translation>
    </message>
</context>
<context>
    <name>DamagedStudy</name>
    <message>
        <source>A coordinator of the study puts the backup of {count} records in its place.</source>
        <translation>Eine Person der Studienkoordination spielt die Sicherung mit {count} Einträgen ein.</translation>
    </message>
    <message>
        <source>A damaged study</source>
        <translation>Eine beschädigte Studie</translation>
    </message>
    <message>
        <source>A study from a backup</source>
        <translation>Eine Studie aus einer Sicherung</translation>
    </message>
    <message>
        <source>Backups, the newest first</source>
        <translation>Sicherungen, die neueste zuerst</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Choose a backup in the table first</source>
        <translation>Wählen Sie zuerst eine Sicherung in der Tabelle</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Coordinator&apos;s password</source>
        <translation>Passwort der Studienkoordination</translation>
    </message>
    <message>
        <source>Its database is on a server: have who keeps that put back a backup of it</source>
        <translation>Ihre Datenbank liegt auf einem Server: Lassen Sie dort, wer ihn betreut, eine Sicherung zurückspielen</translation>
    </message>
    <message>
        <source>Open the study</source>
        <translation>Studie öffnen</translation>
    </message>
    <message>
        <source>Put a backup in place</source>
        <translation>Eine Sicherung einsetzen</translation>
    </message>
    <message>
        <source>Put the chosen one in its place</source>
        <translation>Die gewählte an ihre Stelle setzen</translation>
    </message>
    <message>
        <source>The backup stands in the study&apos;s place. To be minded</source>
        <translation>Die Sicherung steht an der Stelle der Studie. Zu beachten</translation>
    </message>
    <message>
        <source>The study&apos;s file is damaged or missing. A backup can be put in its place, after it was checked whole; a damaged file is not changed and kept beside it, and that it was restored is recorded. Collect the kits again that came back since.</source>
        <translation>Die Datei der Studie ist beschädigt oder fehlt. Eine Sicherung kann an ihre Stelle treten, nachdem sie als Ganzes geprüft wurde; eine beschädigte Datei wird nicht verändert und bleibt daneben erhalten, und dass wiederhergestellt wurde, wird festgehalten. Sammeln Sie Kits noch einmal ein, die seither zurückkamen.</translation>
    </message>
    <message>
        <source>There is no backup of it in its folder: copy one from another disk to {path}</source>
        <translation>In ihrem Ordner liegt keine Sicherung: Kopieren Sie eine von einem anderen Datenträger nach {path}</translation>
    </message>
</context>
<context>
    <name>DealPage</name>
    <message>
        <source>Before the first kit, scans can be given one frame:</source>
        <translation>Vor dem ersten Kit können alle Scans einen Rahmen bekommen:</translation>
    </message>
    <message>
        <source>Cases that come twice</source>
        <translation>Fälle, die zweimal kommen</translation>
    </message>
    <message>
        <source>Cases twice</source>
        <translation>Zweimal</translation>
    </message>
    <message>
        <source>Coarsest voxels, smallest field of view; maps are fitted anew; recorded</source>
        <translation>Gröbste Voxel, kleinstes Bildfeld; Karten werden neu berechnet; wird festgehalten</translation>
    </message>
    <message>
        <source>Coordinator&apos;s password, for a shorter washout</source>
        <translation>Passwort der Studienkoordination, für eine kürzere Auswaschzeit</translation>
    </message>
    <message>
        <source>Crop all scans</source>
        <translation>Alle zuschneiden</translation>
    </message>
    <message>
        <source>Days since the reader&apos;s other session; fewer than the protocols ask for need a reason</source>
        <translation>Tage seit der anderen Sitzung; weniger als in den Protokollen brauchen einen Grund</translation>
    </message>
    <message>
        <source>Deal this kit …</source>
        <translation>Kit ausgeben …</translation>
    </message>
    <message>
        <source>Deal without prescribed marks that lie outside a scan; recorded</source>
        <translation>Ohne vorgegebene Marken ausgeben, die außerhalb eines Scans liegen; wird festgehalten</translation>
    </message>
    <message>
        <source>Dealing the kit</source>
        <translation>Kit wird ausgegeben</translation>
    </message>
    <message>
        <source>Evened out: {grids}</source>
        <translation>Angeglichen: {grids}</translation>
    </message>
    <message>
        <source>Evening out the scans</source>
        <translation>Scans werden angeglichen</translation>
    </message>
    <message>
        <source>Kits dealt</source>
        <translation>Ausgegebene Kits</translation>
    </message>
    <message>
        <source>Matrix, spacing, echo times and series are alike in all visits and groups.</source>
        <translation>Matrix, Abstände, Echozeiten und Serien gleichen sich in allen Zeitpunkten und Gruppen.</translation>
    </message>
    <message>
        <source>Name the kit&apos;s new folder</source>
        <translation>Neuen Ordner des Kits nennen</translation>
    </message>
    <message>
        <source>Only for a shorter washout; recorded</source>
        <translation>Nur bei kürzerer Auswaschzeit; wird festgehalten</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Passwort</translation>
    </message>
    <message>
        <source>Reader</source>
        <translation>Befunder</translation>
    </message>
    <message>
        <source>Reader of the kit</source>
        <translation>Befunder des Kits</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>Reason for a shorter washout</source>
        <translation>Grund für eine kürzere Auswaschzeit</translation>
    </message>
    <message>
        <source>Resample all scans</source>
        <translation>Alle umrechnen</translation>
    </message>
    <message>
        <source>Round of reading, from 1</source>
        <translation>Befundungsrunde, ab 1</translation>
    </message>
    <message>
        <source>Session</source>
        <translation>Sitzung</translation>
    </message>
    <message>
        <source>Share of the cases that come twice, for a reader&apos;s agreement with himself or herself</source>
        <translation>Anteil der Fälle, die zweimal kommen, für die Übereinstimmung mit sich selbst</translation>
    </message>
    <message>
        <source>Smallest matrix, slices and field of view of all; every voxel stays as it is; recorded</source>
        <translation>Kleinste Matrix, Schichtzahl und kleinstes Bildfeld von allen; jedes Voxel bleibt, wie es ist; wird festgehalten</translation>
    </message>
    <message>
        <source>Washout, days</source>
        <translation>Auswaschzeit, Tage</translation>
    </message>
    <message>
        <source>What could tell a reader what is blinded</source>
        <translation>Was verraten könnte, was verblindet ist</translation>
    </message>
    <message>
        <source>{path}: {cases} cases, {repeats} of them a second time. Give this folder to {rater}</source>
        <translation>{path}: {cases} Fälle, {repeats} davon ein zweites Mal. Geben Sie diesen Ordner an {rater}</translation>
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
</context>
<context>
    <name>DeliveringController</name>
    <message>
        <source>Delivered {time}</source>
        <translation>Abgeliefert {time}</translation>
    </message>
    <message>
        <source>Not delivered</source>
        <translation>Nicht abgeliefert</translation>
    </message>
</context>
<context>
    <name>Desk</name>
    <message>
        <source>Stopping at the next safe place …</source>
        <translation>Wird an der nächsten sicheren Stelle angehalten …</translation>
    </message>
</context>
<context>
    <name>DoorController</name>
    <message>
        <source>All that was done in this kit, in its order. That you looked is recorded too.</source>
        <translation>Alles, was in diesem Kit getan wurde, in seiner Reihenfolge. Auch dass Sie nachgesehen haben, wird festgehalten.</translation>
    </message>
    <message>
        <source>Audit trail</source>
        <translation>Protokoll der Änderungen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Change it</source>
        <translation>Ändern</translation>
    </message>
    <message>
        <source>Change the password</source>
        <translation>Passwort ändern</translation>
    </message>
    <message>
        <source>Choose it</source>
        <translation>Wählen</translation>
    </message>
    <message>
        <source>Choose your password</source>
        <translation>Wählen Sie Ihr Passwort</translation>
    </message>
    <message>
        <source>Close the kit</source>
        <translation>Kit schließen</translation>
    </message>
    <message>
        <source>Correct a signed case</source>
        <translation>Signierten Fall berichtigen</translation>
    </message>
    <message>
        <source>Leave it as it is</source>
        <translation>Lassen, wie er ist</translation>
    </message>
    <message>
        <source>Log in</source>
        <translation>Anmelden</translation>
    </message>
    <message>
        <source>Only the password of this kit&apos;s reader opens it.</source>
        <translation>Nur das Passwort des Befunders dieses Kits öffnet es.</translation>
    </message>
    <message>
        <source>Open it again</source>
        <translation>Wieder öffnen</translation>
    </message>
    <message>
        <source>Show it</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>The coordinator had its password reset on {time} UTC: “{reason}”. If you did not ask for that, tell the coordinator before you go on.</source>
        <translation>Die Koordination hat sein Passwort am {time} UTC zurücksetzen lassen: „{reason}“. Wenn Sie nicht darum gebeten haben, sprechen Sie mit ihr, bevor Sie weitermachen.</translation>
    </message>
    <message>
        <source>The key that signs stays the same; it is kept under the new password from now on.</source>
        <translation>Der Schlüssel, der signiert, bleibt derselbe; er liegt von nun an unter dem neuen Passwort.</translation>
    </message>
    <message>
        <source>This kit is {name}&apos;s, session {session}. Choose a password that nobody else knows: it opens the kit and signs. A signature with it means: {meaning} Nobody can tell you the password if it is forgotten.</source>
        <translation>Dieses Kit gehört {name}, Sitzung {session}. Wählen Sie ein Passwort, das sonst niemand kennt: Es öffnet das Kit und signiert. Eine Signatur damit bedeutet: {meaning} Niemand kann Ihnen das Passwort sagen, wenn es vergessen ist.</translation>
    </message>
    <message>
        <source>What was signed stays readable, and every export tells that it was corrected and why. The case opens at its last step; sign it again when it is right.</source>
        <translation>Was signiert war, bleibt lesbar, und jeder Export sagt, dass und warum berichtigt wurde. Der Fall öffnet sich bei seinem letzten Schritt; signieren Sie ihn wieder, wenn er stimmt.</translation>
    </message>
    <message>
        <source>Your key begins with {key}. Tell it to the coordinator if you are asked.</source>
        <translation>Ihr Schlüssel beginnt mit {key}. Nennen Sie es dem Koordinator, wenn Sie gefragt werden.</translation>
    </message>
</context>
<context>
    <name>DrawingTool</name>
    <message>
        <source>This tool follows values: use it in a picture of the multi-echo series</source>
        <translation>Dieses Werkzeug folgt Werten: in einem Bild der Multi-Echo-Serie verwenden</translation>
    </message>
</context>
<context>
    <name>EllipseTool</name>
    <message>
        <source>Hold the button and draw the ellipse from corner to corner</source>
        <translation>Taste gedrückt halten und die Ellipse von Ecke zu Ecke aufziehen</translation>
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
    <name>Eraser</name>
    <message>
        <source>There is no region to take from</source>
        <translation>Es gibt keine ROI, von der etwas wegzunehmen wäre</translation>
    </message>
</context>
<context>
    <name>FeedbackPage</name>
    <message>
        <source>Back to the pictures</source>
        <translation>Zurück zu den Bildern</translation>
    </message>
    <message>
        <source>Expected</source>
        <translation>Erwartet</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Show the place</source>
        <translation>Stelle zeigen</translation>
    </message>
    <message>
        <source>Show the place of {number}: {question}</source>
        <translation>Stelle zu {number} zeigen: {question}</translation>
    </message>
    <message>
        <source>What was expected</source>
        <translation>Was erwartet war</translation>
    </message>
    <message>
        <source>What was expected, question by question</source>
        <translation>Was erwartet war, Frage für Frage</translation>
    </message>
    <message>
        <source>Your answer</source>
        <translation>Ihre Antwort</translation>
    </message>
    <message>
        <source>✓ as expected</source>
        <translation>✓ wie erwartet</translation>
    </message>
    <message>
        <source>✗ not as expected</source>
        <translation>✗ nicht wie erwartet</translation>
    </message>
</context>
<context>
    <name>Filters</name>
    <message>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>Tick everything again</source>
        <translation>Alles wieder anhaken</translation>
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
        <source>Your password</source>
        <translation>Ihr Passwort</translation>
    </message>
    <message>
        <source>•  and {count} more</source>
        <translation>•  und {count} weitere</translation>
    </message>
</context>
<context>
    <name>FlagCard</name>
    <message>
        <source>Flagged</source>
        <translation>Gekennzeichnet</translation>
    </message>
    <message>
        <source>flagged</source>
        <translation>gekennzeichnet</translation>
    </message>
    <message>
        <source>flagged: {text}</source>
        <translation>gekennzeichnet: {text}</translation>
    </message>
</context>
<context>
    <name>FlowController</name>
    <message>
        <source>All cases are signed. One page is left: what you believe each case was.</source>
        <translation>Alle Fälle sind signiert. Eine Seite fehlt noch: wofür Sie jeden Fall halten.</translation>
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
        <source>The pictures of “{step}” are being read …</source>
        <translation>Die Bilder von „{step}“ werden gelesen …</translation>
    </message>
    <message>
        <source>The training was not passed; the cases stay closed. Please ask the coordinator.</source>
        <translation>Das Training wurde nicht bestanden; die Fälle bleiben geschlossen. Bitte fragen Sie die Studienkoordination.</translation>
    </message>
    <message>
        <source>This case is signed.</source>
        <translation>Dieser Fall ist signiert.</translation>
    </message>
    <message>
        <source>To the last page</source>
        <translation>Zur letzten Seite</translation>
    </message>
    <message>
        <source>Training {number} of {all}</source>
        <translation>Training {number} von {all}</translation>
    </message>
    <message>
        <source>You sign as {name}, {utc} UTC. A signed case is corrected only with a reason.</source>
        <translation>Sie unterschreiben als {name}, {utc} UTC. Ein unterschriebener Fall wird nur mit einer Begründung berichtigt.</translation>
    </message>
    <message>
        <source>“{answer}” ends this case. Sign it, or change that answer.</source>
        <translation>„{answer}“ beendet diesen Fall. Signieren Sie ihn, oder ändern Sie diese Antwort.</translation>
    </message>
</context>
<context>
    <name>FreehandTool</name>
    <message>
        <source>Hold the button and draw round the region</source>
        <translation>Taste gedrückt halten und um die ROI herum zeichnen</translation>
    </message>
</context>
<context>
    <name>GrowTool</name>
    <message>
        <source>{low} to {high} ({sd} SD), {volume} mm³</source>
        <translation>{low} bis {high} ({sd} SD), {volume} mm³</translation>
    </message>
</context>
<context>
    <name>GuessPage</name>
    <message>
        <source>All are given. They can be changed until you give them for good.</source>
        <translation>Alle sind angegeben. Sie können sie ändern, bis Sie sie endgültig abgeben.</translation>
    </message>
    <message>
        <source>All cases are signed. For every case, say what you believe it was, or that you do not know: the study reports how well its blinding held. No reading changes by it.</source>
        <translation>Alle Fälle sind signiert. Geben Sie für jeden Fall an, wofür Sie ihn halten, oder dass Sie es nicht wissen: Die Studie berichtet, wie gut ihre Verblindung hielt. An den Befunden ändert das nichts.</translation>
    </message>
    <message>
        <source>Back to the pictures</source>
        <translation>Zurück zu den Bildern</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>Fall</translation>
    </message>
    <message>
        <source>Case {alias}, {title}: {guess}</source>
        <translation>Fall {alias}, {title}: {guess}</translation>
    </message>
    <message>
        <source>Cases and what they are believed to be</source>
        <translation>Fälle und wofür sie gehalten werden</translation>
    </message>
    <message>
        <source>Give these guesses for good</source>
        <translation>Endgültig abgeben</translation>
    </message>
    <message>
        <source>What you believe each case was</source>
        <translation>Wofür Sie jeden Fall halten</translation>
    </message>
    <message>
        <source>don&apos;t know</source>
        <translation>weiß nicht</translation>
    </message>
    <message>
        <source>not given</source>
        <translation>nicht angegeben</translation>
    </message>
    <message>
        <source>{done} of {all} given, and kept. You can leave and go on later.</source>
        <translation>{done} von {all} angegeben und gespeichert. Sie können unterbrechen und später weitermachen.</translation>
    </message>
</context>
<context>
    <name>HistogramView</name>
    <message>
        <source>Histogram of the region</source>
        <translation>Histogramm der Region</translation>
    </message>
    <message>
        <source>Parts of voxels count as such</source>
        <translation>Teile von Voxeln zählen als solche</translation>
    </message>
</context>
<context>
    <name>ImagePane</name>
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
        <source>{pane}, echo</source>
        <translation>{pane}, Echo</translation>
    </message>
    <message>
        <source>{pane}, map over it</source>
        <translation>{pane}, Karte darüber</translation>
    </message>
    <message>
        <source>{pane}, more</source>
        <translation>{pane}, mehr</translation>
    </message>
    <message>
        <source>{pane}, opacity of the map</source>
        <translation>{pane}, Deckkraft der Karte</translation>
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
        <source>Archive …</source>
        <translation>Archiv …</translation>
    </message>
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
        <translation>„R2*-Karte“ drücken (Strg+M)</translation>
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
        <translation>{found}: eine wählen und „R2*-Karte“ drücken</translation>
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
    <name>IronPage</name>
    <message>
        <source>A CSV with the columns subject, visit and iron_ug_per_g</source>
        <translation>Eine CSV mit den Spalten subject, visit und iron_ug_per_g</translation>
    </message>
    <message>
        <source>Calibrations (*.json)</source>
        <translation>Kalibrierungen (*.json)</translation>
    </message>
    <message>
        <source>Calibrations …</source>
        <translation>Kalibrierungen …</translation>
    </message>
    <message>
        <source>Calibrations, one per field</source>
        <translation>Kalibrierungen, eine je Feldstärke</translation>
    </message>
    <message>
        <source>Files that “ferroread calibrate” wrote, one per field</source>
        <translation>Dateien von „ferroread calibrate“, eine je Feldstärke</translation>
    </message>
    <message>
        <source>ICP-MS results</source>
        <translation>ICP-MS-Ergebnisse</translation>
    </message>
    <message>
        <source>ICP-MS …</source>
        <translation>ICP-MS …</translation>
    </message>
    <message>
        <source>Iron maps made: {made}. Scans without: {without}</source>
        <translation>Eisenkarten berechnet: {made}. Scans ohne: {without}</translation>
    </message>
    <message>
        <source>Make iron maps</source>
        <translation>Eisenkarten berechnen</translation>
    </message>
    <message>
        <source>Making iron maps</source>
        <translation>Eisenkarten werden berechnet</translation>
    </message>
    <message>
        <source>Only for subjects without a scan before the agent; empty: taken from that scan</source>
        <translation>Nur für Subjekte ohne Scan vor dem Kontrastmittel; leer: aus diesem Scan</translation>
    </message>
    <message>
        <source>R2* without iron is a number of 0 or more, in 1/s</source>
        <translation>R2* ohne Eisen ist eine Zahl von 0 oder mehr, in 1/s</translation>
    </message>
    <message>
        <source>R2* without iron, 1/s</source>
        <translation>R2* ohne Eisen, 1/s</translation>
    </message>
    <message>
        <source>Scans and their iron maps</source>
        <translation>Scans und ihre Eisenkarten</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation>Tabellen (*.csv)</translation>
    </message>
    <message>
        <source>Visit before the agent</source>
        <translation>Zeitpunkt vor dem Mittel</translation>
    </message>
    <message>
        <source>made</source>
        <translation>berechnet</translation>
    </message>
    <message>
        <source>or R2* without iron, 1/s</source>
        <translation>oder R2* ohne Eisen, 1/s</translation>
    </message>
    <message>
        <source>{field:g} T, {agent}, {relaxivity:.3g} 1/s per mmol/L</source>
        <translation>{field:g} T, {agent}, {relaxivity:.3g} 1/s je mmol/L</translation>
    </message>
</context>
<context>
    <name>KeysDialog</name>
    <message>
        <source>Keep this page as a file</source>
        <translation>Diese Seite als Datei behalten</translation>
    </message>
    <message>
        <source>Keys and mouse</source>
        <translation>Tasten und Maus</translation>
    </message>
    <message>
        <source>Mouse and views</source>
        <translation>Maus und Bilder</translation>
    </message>
    <message>
        <source>PDF (*.pdf)</source>
        <translation>PDF (*.pdf)</translation>
    </message>
    <message>
        <source>Print this page</source>
        <translation>Diese Seite drucken</translation>
    </message>
    <message>
        <source>Print…</source>
        <translation>Drucken…</translation>
    </message>
    <message>
        <source>Save as PDF…</source>
        <translation>Als PDF speichern…</translation>
    </message>
    <message>
        <source>Save the keys as PDF</source>
        <translation>Tasten als PDF speichern</translation>
    </message>
    <message>
        <source>The file could not be written; choose another place</source>
        <translation>Die Datei ließ sich nicht schreiben; wählen Sie einen anderen Ort</translation>
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
    <name>LevelTraceTool</name>
    <message>
        <source>Here no line of equal brightness closes; click nearer to an edge</source>
        <translation>Hier schließt sich keine Linie gleicher Helligkeit; näher an einem Rand klicken</translation>
    </message>
</context>
<context>
    <name>LiveWireTool</name>
    <message>
        <source>A wire needs at least two clicks along the edge</source>
        <translation>Ein Draht braucht mindestens zwei Klicks am Rand entlang</translation>
    </message>
    <message>
        <source>The live wire works in pictures as they were scanned</source>
        <translation>Der Draht am Rand geht in Bildern, wie sie aufgenommen wurden</translation>
    </message>
</context>
<context>
    <name>LogInForm</name>
    <message>
        <source>Choose your name</source>
        <translation>Wählen Sie Ihren Namen</translation>
    </message>
    <message>
        <source>Choose your name first</source>
        <translation>Wählen Sie zuerst Ihren Namen</translation>
    </message>
    <message>
        <source>Log in</source>
        <translation>Anmelden</translation>
    </message>
    <message>
        <source>Log in (Enter)</source>
        <translation>Anmelden (Eingabetaste)</translation>
    </message>
    <message>
        <source>Your name</source>
        <translation>Ihr Name</translation>
    </message>
    <message>
        <source>Your password</source>
        <translation>Ihr Passwort</translation>
    </message>
</context>
<context>
    <name>Looking</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cases not signed and collected: {count}. The files name subjects beside aliases: they unblind the study as the key does. It takes the coordinator&apos;s password and a reason, which are recorded, and what is collected afterwards is marked in every export.</source>
        <translation>Nicht signierte und eingesammelte Fälle: {count}. Die Dateien nennen Subjekte neben Aliasen: Sie entblinden die Studie wie der Schlüssel. Das verlangt das Passwort der Koordination und einen Grund und wird festgehalten; was danach eingesammelt wird, ist in jedem Export gekennzeichnet.</translation>
    </message>
    <message>
        <source>Cases not signed and collected: {count}. To look at answers now unblinds the study. It takes the coordinator&apos;s password and a reason, which are recorded, and what is collected afterwards is marked in every export.</source>
        <translation>Nicht signierte und eingesammelte Fälle: {count}. Wer jetzt Antworten ansieht, entblindet die Studie. Das verlangt das Passwort der Koordination und einen Grund und wird festgehalten; was danach eingesammelt wird, ist in jedem Export gekennzeichnet.</translation>
    </message>
    <message>
        <source>Go on all the same?</source>
        <translation>Trotzdem fortfahren?</translation>
    </message>
    <message>
        <source>Guesses are missing</source>
        <translation>Vermutungen fehlen</translation>
    </message>
    <message>
        <source>Kits whose guesses are not collected yet: {count}. Collect them first, or they count as not blind.</source>
        <translation>Kits, deren Vermutungen noch nicht eingesammelt sind: {count}. Sammeln Sie sie vorher ein, sonst gelten sie als nicht verblindet.</translation>
    </message>
    <message>
        <source>Look at answers before all are in?</source>
        <translation>Antworten ansehen, bevor alle da sind?</translation>
    </message>
    <message>
        <source>Unblind and look</source>
        <translation>Entblinden und ansehen</translation>
    </message>
    <message>
        <source>Unblind and write</source>
        <translation>Entblinden und schreiben</translation>
    </message>
    <message>
        <source>Write images before all are in?</source>
        <translation>Bilder schreiben, bevor alle da sind?</translation>
    </message>
</context>
<context>
    <name>MarginController</name>
    <message>
        <source>Edge width {width} mm at TE {te} ms (10 to 90 %), contrast {contrast}; sharp is {sharp} mm</source>
        <translation>Kantenbreite {width} mm bei TE {te} ms (10 bis 90 %), Kontrast {contrast}; scharf ist {sharp} mm</translation>
    </message>
    <message>
        <source>Edge width: {reason}</source>
        <translation>Kantenbreite: {reason}</translation>
    </message>
</context>
<context>
    <name>MarksController</name>
    <message>
        <source>Choose a finding first, then delete it</source>
        <translation>Erst einen Befund wählen, dann löschen</translation>
    </message>
    <message>
        <source>This finding is given by the study: it stays where it is</source>
        <translation>Dieser Befund ist von der Studie vorgegeben: Er bleibt, wo er ist</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Dismiss the message</source>
        <translation>Meldung schließen</translation>
    </message>
    <message>
        <source>Dismiss the message (Esc)</source>
        <translation>Meldung schließen (Esc)</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Meldungen</translation>
    </message>
</context>
<context>
    <name>NewStudyDialog</name>
    <message>
        <source>A study lies on a disk of this computer, not on a network drive. The password is asked for before blinding is lifted or a washout cut short; it can be set later.</source>
        <translation>Eine Studie liegt auf einem Datenträger dieses Computers, nicht auf einem Netzlaufwerk. Das Passwort wird verlangt, bevor entblindet oder eine Auswaschzeit gekürzt wird; es lässt sich auch später setzen.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Choose a new folder for the study</source>
        <translation>Wählen Sie einen neuen Ordner für die Studie</translation>
    </message>
    <message>
        <source>Choose the folder</source>
        <translation>Ordner wählen</translation>
    </message>
    <message>
        <source>Choose …</source>
        <translation>Wählen …</translation>
    </message>
    <message>
        <source>Coordinator&apos;s password</source>
        <translation>Passwort der Studienkoordination</translation>
    </message>
    <message>
        <source>Give the study a name</source>
        <translation>Geben Sie der Studie einen Namen</translation>
    </message>
    <message>
        <source>Make the study</source>
        <translation>Studie anlegen</translation>
    </message>
    <message>
        <source>Name a new folder for the study</source>
        <translation>Neuen Ordner für die Studie nennen</translation>
    </message>
    <message>
        <source>Name of the study</source>
        <translation>Name der Studie</translation>
    </message>
    <message>
        <source>New folder</source>
        <translation>Neuer Ordner</translation>
    </message>
    <message>
        <source>New study</source>
        <translation>Neue Studie</translation>
    </message>
    <message>
        <source>Password once more</source>
        <translation>Passwort noch einmal</translation>
    </message>
    <message>
        <source>The password needs {count} characters or more</source>
        <translation>Das Passwort braucht {count} Zeichen oder mehr</translation>
    </message>
    <message>
        <source>The two passwords differ; type them again</source>
        <translation>Die zwei Passwörter sind verschieden; geben Sie sie neu ein</translation>
    </message>
</context>
<context>
    <name>NumberCard</name>
    <message>
        <source>Take the measured value over</source>
        <translation>Messwert übernehmen</translation>
    </message>
    <message>
        <source>from {least}</source>
        <translation>ab {least}</translation>
    </message>
    <message>
        <source>in steps of {step}</source>
        <translation>in Schritten von {step}</translation>
    </message>
    <message>
        <source>not a number</source>
        <translation>keine Zahl</translation>
    </message>
    <message>
        <source>outside {range}</source>
        <translation>außerhalb {range}</translation>
    </message>
    <message>
        <source>up to {most}</source>
        <translation>bis {most}</translation>
    </message>
    <message>
        <source>{least} to {most}</source>
        <translation>{least} bis {most}</translation>
    </message>
</context>
<context>
    <name>NumbersController</name>
    <message>
        <source>CNR at {te} ms: {methods}</source>
        <translation>CNR bei {te} ms: {methods}</translation>
    </message>
    <message>
        <source>CNR recorded: {cnr} at {middle} ms; at {te} ms: {methods}</source>
        <translation>CNR festgehalten: {cnr} bei {middle} ms; bei {te} ms: {methods}</translation>
    </message>
    <message>
        <source>CNR recorded: {cnr} at {middle} ms; chosen regions at {te} ms: {methods}</source>
        <translation>CNR festgehalten: {cnr} bei {middle} ms; gewählte ROIs bei {te} ms: {methods}</translation>
    </message>
    <message>
        <source>CNR: draw tumour and reference; noise in air gives the better estimate</source>
        <translation>CNR: Tumor und Referenz einzeichnen; Rauschen in Luft schätzt besser</translation>
    </message>
    <message>
        <source>Noise σ: {methods}</source>
        <translation>Rauschen σ: {methods}</translation>
    </message>
    <message>
        <source>{value} by {method}</source>
        <translation>{value} nach {method}</translation>
    </message>
</context>
<context>
    <name>NumbersPanel</name>
    <message>
        <source>Before what is being drawn</source>
        <translation>Vor dem, was gerade gezeichnet wird</translation>
    </message>
    <message>
        <source>Numbers of the regions</source>
        <translation>Zahlen der ROIs</translation>
    </message>
    <message>
        <source>Of the trial fit</source>
        <translation>Vom Probefit</translation>
    </message>
</context>
<context>
    <name>OpinionsController</name>
    <message>
        <source>One reader: {first} – another: {second}</source>
        <translation>Ein Befunder: {first} – ein anderer: {second}</translation>
    </message>
    <message>
        <source>Only one of two readers has marked it</source>
        <translation>Nur einer von zwei Befundern hat das markiert</translation>
    </message>
    <message>
        <source>Region: {kind}</source>
        <translation>ROI: {kind}</translation>
    </message>
    <message>
        <source>The regions of both overlap by a Dice coefficient of {dice}</source>
        <translation>Die ROIs beider überlappen mit einem Dice-Koeffizienten von {dice}</translation>
    </message>
    <message>
        <source>Whether the case can be read to its end</source>
        <translation>Ob sich der Fall zu Ende befunden lässt</translation>
    </message>
    <message>
        <source>not answered</source>
        <translation>nicht beantwortet</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
    <message>
        <source>{finding} as one reader counts</source>
        <translation>{finding} in der Zählung eines Befunders</translation>
    </message>
    <message>
        <source>{question} ({finding} as one reader counts)</source>
        <translation>{question} ({finding} in der Zählung eines Befunders)</translation>
    </message>
</context>
<context>
    <name>OpinionsPanel</name>
    <message>
        <source>Two readers have read this case before you and differ here; in no order, without names</source>
        <translation>Zwei Befunder haben diesen Fall vor Ihnen befundet und unterscheiden sich hier; ohne Reihenfolge, ohne Namen</translation>
    </message>
    <message>
        <source>What two readers said</source>
        <translation>Was zwei Befunder angaben</translation>
    </message>
</context>
<context>
    <name>OutlineTool</name>
    <message>
        <source>The outline has no inside: its corners lie on a line</source>
        <translation>Der Umriss hat kein Inneres: seine Ecken liegen auf einer Linie</translation>
    </message>
    <message>
        <source>The outline holds nothing of the multi-echo series; draw it in the picture</source>
        <translation>Der Umriss enthält nichts von der Multi-Echo-Serie; im Bild zeichnen</translation>
    </message>
</context>
<context>
    <name>PasswordDialog</name>
    <message>
        <source>A reason is needed</source>
        <translation>Ein Grund ist nötig</translation>
    </message>
    <message>
        <source>New password</source>
        <translation>Neues Passwort</translation>
    </message>
    <message>
        <source>Reason, which is kept and shown</source>
        <translation>Grund, der behalten und gezeigt wird</translation>
    </message>
    <message>
        <source>The same once more</source>
        <translation>Dasselbe noch einmal</translation>
    </message>
    <message>
        <source>The two passwords differ; type them again</source>
        <translation>Die beiden Passwörter sind verschieden; geben Sie sie noch einmal ein</translation>
    </message>
    <message>
        <source>Your password</source>
        <translation>Ihr Passwort</translation>
    </message>
</context>
<context>
    <name>PeoplePage</name>
    <message>
        <source>A reader logs in to a kit, whose password is seen to on the page Readers</source>
        <translation>Befunder melden sich an einem Kit an; um dessen Passwort geht es auf der Seite Befunder</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Add …</source>
        <translation>Hinzufügen …</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Change it</source>
        <translation>Ändern</translation>
    </message>
    <message>
        <source>Change your password</source>
        <translation>Eigenes Passwort ändern</translation>
    </message>
    <message>
        <source>Change your password …</source>
        <translation>Eigenes Passwort ändern …</translation>
    </message>
    <message>
        <source>Choose a person in the table first</source>
        <translation>Wählen Sie zuerst eine Person in der Tabelle</translation>
    </message>
    <message>
        <source>Cover this window (Ctrl+Shift+L)</source>
        <translation>Dieses Fenster verdecken (Strg+Umschalt+L)</translation>
    </message>
    <message>
        <source>Eight characters or more, which nobody else knows.</source>
        <translation>Acht Zeichen oder mehr, die niemand sonst kennt.</translation>
    </message>
    <message>
        <source>Give a password</source>
        <translation>Ein Passwort geben</translation>
    </message>
    <message>
        <source>Give a password …</source>
        <translation>Ein Passwort geben …</translation>
    </message>
    <message>
        <source>Give it</source>
        <translation>Geben</translation>
    </message>
    <message>
        <source>Let the chosen one in no more</source>
        <translation>Die gewählte Person nicht mehr einlassen</translation>
    </message>
    <message>
        <source>Lock now</source>
        <translation>Jetzt sperren</translation>
    </message>
    <message>
        <source>Make sure that it is {name} who asks. The new password lets in to choose another one, and for nothing else; that you gave it is recorded.</source>
        <translation>Vergewissern Sie sich, dass wirklich {name} fragt. Mit dem neuen Passwort kommt man hinein, um ein anderes zu wählen, und zu nichts sonst; dass Sie es gaben, wird festgehalten.</translation>
    </message>
    <message>
        <source>Name a person</source>
        <translation>Eine Person nennen</translation>
    </message>
    <message>
        <source>Name of a person</source>
        <translation>Name einer Person</translation>
    </message>
    <message>
        <source>Name this person (Enter)</source>
        <translation>Diese Person nennen (Eingabetaste)</translation>
    </message>
    <message>
        <source>People of the study</source>
        <translation>Personen der Studie</translation>
    </message>
    <message>
        <source>Retire</source>
        <translation>Verabschieden</translation>
    </message>
    <message>
        <source>Retire a person</source>
        <translation>Eine Person verabschieden</translation>
    </message>
    <message>
        <source>Retire …</source>
        <translation>Verabschieden …</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>Rolle</translation>
    </message>
    <message>
        <source>Tell {name} the new password. It lets in to choose another one, and for nothing else.</source>
        <translation>Sagen Sie {name} das neue Passwort. Mit ihm kommt man hinein, um ein anderes zu wählen, und zu nichts sonst.</translation>
    </message>
    <message>
        <source>The chosen person has forgotten their password: give another, to be changed at once</source>
        <translation>Die gewählte Person hat ihr Passwort vergessen: ein anderes geben, das sofort geändert wird</translation>
    </message>
    <message>
        <source>The study&apos;s password</source>
        <translation>Passwort der Studie</translation>
    </message>
    <message>
        <source>Your password is changed</source>
        <translation>Ihr Passwort ist geändert</translation>
    </message>
    <message>
        <source>{name} becomes the first coordinator. The study&apos;s password is asked for once more, and does nothing from then on: log in with the new one, which nobody else may know.</source>
        <translation>{name} wird die erste Koordination. Das Passwort der Studie wird ein letztes Mal gebraucht und bewirkt danach nichts mehr: Angemeldet wird mit dem neuen, das niemand sonst kennen darf.</translation>
    </message>
    <message>
        <source>{name} logs in with it and chooses another</source>
        <translation>{name} meldet sich damit an und wählt ein anderes</translation>
    </message>
    <message>
        <source>{name} will be let in no more. What was done stays on record, and the name is not used again.</source>
        <translation>{name} wird nicht mehr eingelassen. Was getan wurde, bleibt festgehalten, und der Name wird nicht noch einmal verwendet.</translation>
    </message>
    <message>
        <source>{name} works at the study from now on</source>
        <translation>{name} arbeitet jetzt an der Studie mit</translation>
    </message>
    <message>
        <source>{name} works at the study no more</source>
        <translation>{name} arbeitet nicht mehr an der Studie</translation>
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
    <name>PolygonTool</name>
    <message>
        <source>An outline needs at least three corners</source>
        <translation>Ein Umriss braucht mindestens drei Ecken</translation>
    </message>
    <message>
        <source>Close the outline on its own slice first (Enter), or drop it (Esc)</source>
        <translation>Den Umriss erst in seiner Schicht schließen (Enter) oder verwerfen (Esc)</translation>
    </message>
</context>
<context>
    <name>PrecisionPage</name>
    <message>
        <source>AUC {value:.1f}</source>
        <translation>AUC {value:.1f}</translation>
    </message>
    <message>
        <source>Cases</source>
        <translation>Fälle</translation>
    </message>
    <message>
        <source>Choices of the scale</source>
        <translation>Stufen der Skala</translation>
    </message>
    <message>
        <source>Precision to be expected</source>
        <translation>Zu erwartende Präzision</translation>
    </message>
    <message>
        <source>Readers</source>
        <translation>Befunder</translation>
    </message>
    <message>
        <source>Share of positive cases</source>
        <translation>Anteil positiver Fälle</translation>
    </message>
    <message>
        <source>kappa {value:.1f}</source>
        <translation>Kappa {value:.1f}</translation>
    </message>
    <message>
        <source>kappa {value:.1f}, linear weights</source>
        <translation>Kappa {value:.1f}, linear gewichtet</translation>
    </message>
    <message>
        <source>{cases} cases, two readers</source>
        <translation>{cases} Fällen, zwei Befundern</translation>
    </message>
    <message>
        <source>{positives} positive, {negatives} negative, {raters} reader(s)</source>
        <translation>{positives} positiven, {negatives} negativen, {raters} Befunder(n)</translation>
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
        <translation>Probefit:</translation>
    </message>
</context>
<context>
    <name>ProgressPage</name>
    <message>
        <source>A kit that came back, or a folder with several; nothing is taken in</source>
        <translation>Ein zurückgekommenes Kit oder ein Ordner mit mehreren; nichts wird übernommen</translation>
    </message>
    <message>
        <source>A kit, or a folder with kits</source>
        <translation>Ein Kit oder ein Ordner mit Kits</translation>
    </message>
    <message>
        <source>How far the readers are</source>
        <translation>Wie weit die Befunder sind</translation>
    </message>
    <message>
        <source>Look into kits …</source>
        <translation>In Kits schauen …</translation>
    </message>
    <message>
        <source>Looking into kits</source>
        <translation>Kits werden durchgesehen</translation>
    </message>
</context>
<context>
    <name>ProposalsController</name>
    <message>
        <source>Draw the tumour first; reference tissue is proposed beside it</source>
        <translation>Zeichnen Sie zuerst den Tumor ein; Referenzgewebe wird daneben vorgeschlagen</translation>
    </message>
    <message>
        <source>Looking for a place …</source>
        <translation>Suche eine Stelle …</translation>
    </message>
    <message>
        <source>Proposed: Enter takes it, Esc refuses it</source>
        <translation>Vorschlag: Enter übernimmt, Esc verwirft</translation>
    </message>
</context>
<context>
    <name>ProtocolPage</name>
    <message>
        <source>A protocol of your own</source>
        <translation>Ein eigenes Protokoll</translation>
    </message>
    <message>
        <source>Choose a protocol of your own</source>
        <translation>Ein eigenes Protokoll wählen</translation>
    </message>
    <message>
        <source>Days between two sessions of a reader: {days}</source>
        <translation>Tage zwischen zwei Sitzungen einer Person: {days}</translation>
    </message>
    <message>
        <source>Edit …</source>
        <translation>Bearbeiten …</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>In Gebrauch</translation>
    </message>
    <message>
        <source>Own file …</source>
        <translation>Eigene Datei …</translation>
    </message>
    <message>
        <source>Protocol</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Protocols (*.yaml *.yml)</source>
        <translation>Protokolle (*.yaml *.yml)</translation>
    </message>
    <message>
        <source>Questions: {count}</source>
        <translation>Fragen: {count}</translation>
    </message>
    <message>
        <source>Step of the form</source>
        <translation>Schritt des Formulars</translation>
    </message>
    <message>
        <source>Steps: {steps}</source>
        <translation>Schritte: {steps}</translation>
    </message>
    <message>
        <source>Use this protocol</source>
        <translation>Dieses Protokoll verwenden</translation>
    </message>
    <message>
        <source>Valid: {id}, version {version}</source>
        <translation>Gültig: {id}, Version {version}</translation>
    </message>
    <message>
        <source>Write it beside its form</source>
        <translation>Neben seinem Formular schreiben</translation>
    </message>
</context>
<context>
    <name>ProtocolWindow</name>
    <message>
        <source>Answer anew</source>
        <translation>Neu beantworten</translation>
    </message>
    <message>
        <source>Changed, and still version {version}: raise it before raters read by it</source>
        <translation>Geändert, und noch immer Version {version}: erhöhen Sie sie, bevor Befunder danach lesen</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Go to the line</source>
        <translation>Zur Zeile</translation>
    </message>
    <message>
        <source>Line {number}</source>
        <translation>Zeile {number}</translation>
    </message>
    <message>
        <source>New from</source>
        <translation>Neu aus</translation>
    </message>
    <message>
        <source>New protocol</source>
        <translation>Neues Protokoll</translation>
    </message>
    <message>
        <source>Open a protocol</source>
        <translation>Protokoll öffnen</translation>
    </message>
    <message>
        <source>Protocol</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Protocols (*.yaml *.yml)</source>
        <translation>Protokolle (*.yaml *.yml)</translation>
    </message>
    <message>
        <source>Save the protocol</source>
        <translation>Protokoll speichern</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>Gespeichert</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>Take all answers back</source>
        <translation>Alle Antworten zurücknehmen</translation>
    </message>
    <message>
        <source>Text of the protocol</source>
        <translation>Text des Protokolls</translation>
    </message>
    <message>
        <source>The file could not be written; choose another place</source>
        <translation>Die Datei ließ sich nicht schreiben; wählen Sie einen anderen Ort</translation>
    </message>
    <message>
        <source>The step that the form is in</source>
        <translation>Der Schritt, in dem das Formular ist</translation>
    </message>
    <message>
        <source>The text was changed. Save it?</source>
        <translation>Der Text wurde geändert. Speichern?</translation>
    </message>
    <message>
        <source>This file was changed elsewhere since it was read. Write over it?</source>
        <translation>Diese Datei wurde anderswo geändert, seit sie gelesen wurde. Überschreiben?</translation>
    </message>
    <message>
        <source>Valid: {id}, version {version}</source>
        <translation>Gültig: {id}, Version {version}</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Ansicht</translation>
    </message>
</context>
<context>
    <name>QuestionCard</name>
    <message>
        <source>answered {value}</source>
        <translation>beantwortet mit {value}</translation>
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
    <name>RatersPage</name>
    <message>
        <source>A reader&apos;s password is forgotten: let the reader choose another for that kit</source>
        <translation>Das Passwort eines Befunders ist vergessen: ihn für dieses Kit ein anderes wählen lassen</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Add this reader (Enter)</source>
        <translation>Diese Person hinzufügen (Enter)</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Choose a reader in the table first</source>
        <translation>Wählen Sie zuerst eine Person in der Tabelle</translation>
    </message>
    <message>
        <source>Coordinator&apos;s password</source>
        <translation>Passwort der Studienkoordination</translation>
    </message>
    <message>
        <source>Let choose a password anew</source>
        <translation>Passwort neu wählen lassen</translation>
    </message>
    <message>
        <source>Let choose a password anew …</source>
        <translation>Passwort neu wählen lassen …</translation>
    </message>
    <message>
        <source>Let choose anew</source>
        <translation>Neu wählen lassen</translation>
    </message>
    <message>
        <source>Name of a reader</source>
        <translation>Name einer Person, die befundet</translation>
    </message>
    <message>
        <source>Readers of the study</source>
        <translation>Befunder der Studie</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Take the chosen reader away</source>
        <translation>Gewählte Person entfernen</translation>
    </message>
    <message>
        <source>The kit asks for a new password when it is opened next</source>
        <translation>Das Kit verlangt ein neues Passwort, wenn es das nächste Mal geöffnet wird</translation>
    </message>
    <message>
        <source>The kit whose password is forgotten</source>
        <translation>Das Kit, dessen Passwort vergessen ist</translation>
    </message>
    <message>
        <source>This reader has a kit and stays</source>
        <translation>Diese Person hat ein Kit und bleibt</translation>
    </message>
    <message>
        <source>Whoever opens the kit next chooses its password, and a new key with it: compare its beginning with the reader. What was signed before stays signed. Study and kit record this with the reason.</source>
        <translation>Wer das Kit als Nächstes öffnet, wählt sein Passwort und damit einen neuen Schlüssel: Vergleichen Sie dessen Anfang mit dem Befunder. Was vorher signiert wurde, bleibt signiert. Studie und Kit halten dies mit dem Grund fest.</translation>
    </message>
    <message>
        <source>session {numbers}</source>
        <translation>Sitzung {numbers}</translation>
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
        <source>{done} of {all}</source>
        <translation>{done} von {all}</translation>
    </message>
</context>
<context>
    <name>RecentList</name>
    <message>
        <source>Forget</source>
        <translation>Vergessen</translation>
    </message>
    <message>
        <source>Forget what was opened</source>
        <translation>Vergessen, was geöffnet war</translation>
    </message>
    <message>
        <source>Take these lines away; the kits stay where they are</source>
        <translation>Diese Zeilen entfernen; die Kits bleiben, wo sie sind</translation>
    </message>
</context>
<context>
    <name>RegionDeeds</name>
    <message>
        <source>Nothing would be left of the region; take a smaller distance</source>
        <translation>Von der ROI bliebe nichts; einen kleineren Abstand nehmen</translation>
    </message>
    <message>
        <source>The region has nothing in this slice</source>
        <translation>Die ROI hat in dieser Schicht nichts</translation>
    </message>
    <message>
        <source>There is nothing to change here</source>
        <translation>Hier ist nichts zu ändern</translation>
    </message>
</context>
<context>
    <name>RegionDetailsController</name>
    <message>
        <source>Iron and dose: no voxel has a value</source>
        <translation>Eisen und Dosis: Kein Voxel hat einen Wert</translation>
    </message>
    <message>
        <source>Iron and dose: …</source>
        <translation>Eisen und Dosis: …</translation>
    </message>
    <message>
        <source>Iron {iron} µg/g (95 % {low} to {high}), dose {dose} µg ({least} to {most})</source>
        <translation>Eisen {iron} µg/g (95 % {low} bis {high}), Dosis {dose} µg ({least} bis {most})</translation>
    </message>
    <message>
        <source>Signal</source>
        <translation>Signal</translation>
    </message>
    <message>
        <source>{region}: ∅ sphere {sphere}, axes {long} × {short} mm, median {median} ({q25} to {q75})</source>
        <translation>{region}: ∅ Kugel {sphere}, Achsen {long} × {short} mm, Median {median} ({q25} bis {q75})</translation>
    </message>
</context>
<context>
    <name>RegionList</name>
    <message>
        <source>Click: go there. Double click or Enter: rename. Right click: more</source>
        <translation>Klick: hingehen. Doppelklick oder Enter: umbenennen. Rechtsklick: mehr</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>Ausblenden</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>Sperren</translation>
    </message>
    <message>
        <source>None yet. Choose a tool and draw in a picture.</source>
        <translation>Noch keine. Werkzeug wählen und in ein Bild zeichnen.</translation>
    </message>
    <message>
        <source>Regions</source>
        <translation>ROIs</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Einblenden</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>Freigeben</translation>
    </message>
    <message>
        <source>hidden</source>
        <translation>ausgeblendet</translation>
    </message>
    <message>
        <source>locked</source>
        <translation>gesperrt</translation>
    </message>
</context>
<context>
    <name>RegionsController</name>
    <message>
        <source>The region holds less than one voxel; draw it larger, or remove it</source>
        <translation>Die Region enthält weniger als ein Voxel; größer zeichnen oder entfernen</translation>
    </message>
    <message>
        <source>There is no region to go to</source>
        <translation>Es gibt keine ROI, zu der zu springen wäre</translation>
    </message>
    <message>
        <source>There is no {kind} region; draw one first</source>
        <translation>Es gibt keine ROI für {kind}; erst eine zeichnen</translation>
    </message>
    <message>
        <source>the pictures are not there yet; wait a moment</source>
        <translation>die Bilder sind noch nicht da; einen Moment warten</translation>
    </message>
</context>
<context>
    <name>ResultPage</name>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy the plot as a picture</source>
        <translation>Das Diagramm als Bild kopieren</translation>
    </message>
    <message>
        <source>Copy the table with its headings</source>
        <translation>Die Tabelle mit Überschriften kopieren</translation>
    </message>
    <message>
        <source>Drawing (*.svg)</source>
        <translation>Zeichnung (*.svg)</translation>
    </message>
    <message>
        <source>Picture (*.png)</source>
        <translation>Bild (*.png)</translation>
    </message>
    <message>
        <source>Plot</source>
        <translation>Diagramm</translation>
    </message>
    <message>
        <source>Rows: {count}</source>
        <translation>Zeilen: {count}</translation>
    </message>
    <message>
        <source>Save the plot</source>
        <translation>Diagramm speichern</translation>
    </message>
    <message>
        <source>Save the plot as PNG or SVG</source>
        <translation>Das Diagramm als PNG oder SVG speichern</translation>
    </message>
    <message>
        <source>Save the table</source>
        <translation>Tabelle speichern</translation>
    </message>
    <message>
        <source>Save the table as CSV</source>
        <translation>Die Tabelle als CSV speichern</translation>
    </message>
    <message>
        <source>Save …</source>
        <translation>Speichern …</translation>
    </message>
    <message>
        <source>Saved as {path}</source>
        <translation>Gespeichert als {path}</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>Tabelle</translation>
    </message>
    <message>
        <source>Table (*.csv)</source>
        <translation>Tabelle (*.csv)</translation>
    </message>
    <message>
        <source>There is nothing to plot of these readings</source>
        <translation>Aus diesen Befundungen lässt sich nichts darstellen</translation>
    </message>
    <message>
        <source>Which plot</source>
        <translation>Welches Diagramm</translation>
    </message>
    <message>
        <source>Which table</source>
        <translation>Welche Tabelle</translation>
    </message>
</context>
<context>
    <name>ReviewController</name>
    <message numerus="yes">
        <source>%n thing(s) missing. Choose one to go there.</source>
        <translation>
            <numerusform>%n Angabe fehlt. Wählen Sie sie, um hinzugehen.</numerusform>
            <numerusform>%n Angaben fehlen. Wählen Sie eine, um hinzugehen.</numerusform>
        </translation>
    </message>
    <message>
        <source>Case {alias}</source>
        <translation>Fall {alias}</translation>
    </message>
    <message>
        <source>Contrast</source>
        <translation>Kontrast</translation>
    </message>
    <message>
        <source>Ended early. {why}</source>
        <translation>Vorzeitig beendet. {why}</translation>
    </message>
    <message>
        <source>Everything that is asked is there.</source>
        <translation>Alles Gefragte ist da.</translation>
    </message>
    <message>
        <source>Everything that this step asks is there.</source>
        <translation>Alles, was dieser Schritt fragt, ist da.</translation>
    </message>
    <message>
        <source>Iron</source>
        <translation>Eisen</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Ort</translation>
    </message>
    <message>
        <source>Query</source>
        <translation>Rückfrage</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>ROI</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>This case</source>
        <translation>Dieser Fall</translation>
    </message>
    <message>
        <source>This case is signed.</source>
        <translation>Dieser Fall ist signiert.</translation>
    </message>
    <message>
        <source>Your signature means: {meaning}</source>
        <translation>Ihre Signatur bedeutet: {meaning}</translation>
    </message>
    <message>
        <source>flagged</source>
        <translation>gekennzeichnet</translation>
    </message>
    <message>
        <source>not answered</source>
        <translation>nicht beantwortet</translation>
    </message>
    <message>
        <source>not drawn</source>
        <translation>nicht eingezeichnet</translation>
    </message>
    <message>
        <source>slice {number} of {all}</source>
        <translation>Schicht {number} von {all}</translation>
    </message>
    <message>
        <source>{area} mm² where it is largest, {volume} mm³</source>
        <translation>{area} mm², wo sie am größten ist, {volume} mm³</translation>
    </message>
</context>
<context>
    <name>ReviewPage</name>
    <message>
        <source>Back to the pictures</source>
        <translation>Zurück zu den Bildern</translation>
    </message>
    <message>
        <source>What was answered</source>
        <translation>Was beantwortet ist</translation>
    </message>
</context>
<context>
    <name>Ruler</name>
    <message>
        <source>{length} mm</source>
        <translation>{length} mm</translation>
    </message>
</context>
<context>
    <name>RulersController</name>
    <message>
        <source>Choose a ruler first: click it with the ruler tool</source>
        <translation>Erst ein Lineal wählen: mit dem Werkzeug Lineal anklicken</translation>
    </message>
    <message>
        <source>Hold the button and draw the ruler from one edge to the other</source>
        <translation>Taste gedrückt halten und das Lineal von Rand zu Rand ziehen</translation>
    </message>
</context>
<context>
    <name>ScansPage</name>
    <message>
        <source>A CSV with the columns path, subject, group, visit and field_t</source>
        <translation>Eine CSV mit den Spalten path, subject, group, visit und field_t</translation>
    </message>
    <message>
        <source>A folder of scans</source>
        <translation>Ein Ordner mit Scans</translation>
    </message>
    <message>
        <source>Copied, for a spreadsheet</source>
        <translation>Kopiert, für eine Tabellenkalkulation</translation>
    </message>
    <message>
        <source>Folder of scans …</source>
        <translation>Ordner mit Scans …</translation>
    </message>
    <message>
        <source>Keep this table as a manifest, so that the same can be done by a command</source>
        <translation>Diese Tabelle als Manifest speichern, damit ein Befehl dasselbe tun kann</translation>
    </message>
    <message>
        <source>Leave this line out</source>
        <translation>Zeile weglassen</translation>
    </message>
    <message>
        <source>Look for multi-echo series in a folder</source>
        <translation>Multi-Echo-Serien in einem Ordner suchen</translation>
    </message>
    <message>
        <source>Looking for scans</source>
        <translation>Scans werden gesucht</translation>
    </message>
    <message>
        <source>Manifest …</source>
        <translation>Manifest …</translation>
    </message>
    <message>
        <source>Manifests (*.csv)</source>
        <translation>Manifeste (*.csv)</translation>
    </message>
    <message>
        <source>Save as a manifest …</source>
        <translation>Als Manifest speichern …</translation>
    </message>
    <message>
        <source>Save the manifest</source>
        <translation>Manifest speichern</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>Gespeichert</translation>
    </message>
    <message>
        <source>Scans to be put in</source>
        <translation>Aufzunehmende Scans</translation>
    </message>
    <message>
        <source>Take the chosen line out of the table; nothing is deleted</source>
        <translation>Gewählte Zeile aus der Tabelle nehmen; nichts wird gelöscht</translation>
    </message>
    <message>
        <source>The study&apos;s manifest</source>
        <translation>Das Manifest der Studie</translation>
    </message>
    <message>
        <source>This scan is in the study already and stays as it is</source>
        <translation>Dieser Scan ist schon in der Studie und bleibt, wie er ist</translation>
    </message>
    <message>
        <source>cannot be used</source>
        <translation>nicht verwendbar</translation>
    </message>
    <message>
        <source>in the study</source>
        <translation>in der Studie</translation>
    </message>
    <message>
        <source>ready to be added</source>
        <translation>bereit zum Aufnehmen</translation>
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
        <translation>R2*-Karte</translation>
    </message>
    <message>
        <source>Save maps</source>
        <translation>Karten speichern</translation>
    </message>
    <message>
        <source>Save maps …</source>
        <translation>Speichern …</translation>
    </message>
    <message>
        <source>Shows</source>
        <translation>Zeigt</translation>
    </message>
    <message>
        <source>Use it again</source>
        <translation>Verwenden</translation>
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
        <translation>{what}; tippen und Enter drücken</translation>
    </message>
</context>
<context>
    <name>SeriesPage</name>
    <message>
        <source>Add the scans</source>
        <translation>Scans aufnehmen</translation>
    </message>
    <message>
        <source>Adding scans</source>
        <translation>Scans werden aufgenommen</translation>
    </message>
    <message>
        <source>As found</source>
        <translation>Wie gefunden</translation>
    </message>
    <message>
        <source>Find series</source>
        <translation>Serien suchen</translation>
    </message>
    <message>
        <source>Look which series the scans have</source>
        <translation>Nachsehen, welche Serien die Scans haben</translation>
    </message>
    <message>
        <source>Looking for series</source>
        <translation>Serien werden gesucht</translation>
    </message>
    <message>
        <source>Looking for text</source>
        <translation>Text wird gesucht</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>Read the scans, compute their R2* maps and keep them in the study</source>
        <translation>Scans lesen, ihre R2*-Karten berechnen und in der Studie speichern</translation>
    </message>
    <message>
        <source>Scans added: {added}. Not added: {failed}</source>
        <translation>Scans aufgenommen: {added}. Nicht aufgenommen: {failed}</translation>
    </message>
    <message>
        <source>Scans and their series</source>
        <translation>Scans und ihre Serien</translation>
    </message>
    <message>
        <source>See where text is likely in the pixels, and decide on it</source>
        <translation>Sehen, wo Text in den Pixeln wahrscheinlich ist, und darüber entscheiden</translation>
    </message>
    <message>
        <source>Series for {role}</source>
        <translation>Serie für {role}</translation>
    </message>
    <message>
        <source>Text in the pictures …</source>
        <translation>Text in den Bildern …</translation>
    </message>
    <message>
        <source>no text in it</source>
        <translation>kein Text darin</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>bereit</translation>
    </message>
    <message>
        <source>text will be masked</source>
        <translation>Text wird abgedeckt</translation>
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
    <name>Stand</name>
    <message>
        <source>A plan can be tried before there is any scan</source>
        <translation>Planen lässt sich schon, bevor es einen Scan gibt</translation>
    </message>
    <message>
        <source>A third reader has a kit</source>
        <translation>Eine dritte Person hat ein Kit</translation>
    </message>
    <message>
        <source>All readings are collected; the analysis does not need the key</source>
        <translation>Alle Befundungen sind eingesammelt; die Auswertung braucht den Schlüssel nicht</translation>
    </message>
    <message>
        <source>All scans that were named are in the study</source>
        <translation>Alle genannten Scans sind in der Studie</translation>
    </message>
    <message>
        <source>Cases not collected yet: {count}. An analysis now is an interim one</source>
        <translation>Noch nicht eingesammelte Fälle: {count}. Eine Auswertung ist jetzt eine vorläufige</translation>
    </message>
    <message>
        <source>Cases not collected yet: {count}. Look into kits that came back</source>
        <translation>Noch nicht eingesammelte Fälle: {count}. Schauen Sie in zurückgekommene Kits</translation>
    </message>
    <message>
        <source>Cases not signed and collected: {count}. The key would unblind them</source>
        <translation>Nicht signierte und eingesammelte Fälle: {count}. Der Schlüssel würde sie entblinden</translation>
    </message>
    <message>
        <source>Dealt after the backup that was put back, and lost here: {kits}</source>
        <translation>Nach der zurückgeholten Sicherung ausgegeben und hier verloren: {kits}</translation>
    </message>
    <message>
        <source>Every reader has a kit; another session needs its washout</source>
        <translation>Alle haben ein Kit; eine weitere Sitzung braucht ihre Auswaschzeit</translation>
    </message>
    <message>
        <source>Every scan has an iron map</source>
        <translation>Jeder Scan hat eine Eisenkarte</translation>
    </message>
    <message>
        <source>Every subject has a target</source>
        <translation>Jedes Subjekt hat ein Ziel</translation>
    </message>
    <message>
        <source>Everything that was dealt is collected</source>
        <translation>Alles Ausgegebene ist eingesammelt</translation>
    </message>
    <message>
        <source>First add scans</source>
        <translation>Nehmen Sie zuerst Scans auf</translation>
    </message>
    <message>
        <source>First add scans: targets belong to their subjects</source>
        <translation>Nehmen Sie zuerst Scans auf: Ziele gehören zu ihren Subjekten</translation>
    </message>
    <message>
        <source>First choose a protocol</source>
        <translation>Wählen Sie zuerst ein Protokoll</translation>
    </message>
    <message>
        <source>First collect signed readings</source>
        <translation>Sammeln Sie zuerst signierte Befundungen ein</translation>
    </message>
    <message>
        <source>First collect two readers of a session whole</source>
        <translation>Sammeln Sie zuerst zwei Befunder einer Sitzung vollständig ein</translation>
    </message>
    <message>
        <source>First deal kits</source>
        <translation>Geben Sie zuerst Kits aus</translation>
    </message>
    <message>
        <source>First deal kits: before that there is no key</source>
        <translation>Geben Sie zuerst Kits aus: Vorher gibt es keinen Schlüssel</translation>
    </message>
    <message>
        <source>First name a third reader</source>
        <translation>Nennen Sie zuerst eine dritte Person</translation>
    </message>
    <message>
        <source>First name the scans, on the page before</source>
        <translation>Nennen Sie zuerst die Scans, auf der Seite davor</translation>
    </message>
    <message>
        <source>Kits are dealt with {id}, version {version}</source>
        <translation>Kits werden mit {id}, Version {version}, ausgegeben</translation>
    </message>
    <message>
        <source>Kits may have been dealt since the backup that nothing here tells of</source>
        <translation>Seit der Sicherung können Kits ausgegeben worden sein, von denen hier nichts zeugt</translation>
    </message>
    <message>
        <source>Kits whose guesses are not collected yet: {count}. Collect these once more</source>
        <translation>Kits, deren Vermutungen noch nicht eingesammelt sind: {count}. Sammeln Sie diese noch einmal ein</translation>
    </message>
    <message>
        <source>Lines that cannot be used yet: {count}. Correct them in the table</source>
        <translation>Noch nicht verwendbare Zeilen: {count}. Berichtigen Sie sie in der Tabelle</translation>
    </message>
    <message>
        <source>Missing before: {what}</source>
        <translation>Vorher fehlt: {what}</translation>
    </message>
    <message>
        <source>Named after the backup that was put back, and not known here: {names}</source>
        <translation>Nach der zurückgeholten Sicherung genannt und hier nicht bekannt: {names}</translation>
    </message>
    <message>
        <source>Next: a kit for {raters}</source>
        <translation>Als Nächstes: ein Kit für {raters}</translation>
    </message>
    <message>
        <source>Next: choose a manifest, or a folder of scans</source>
        <translation>Als Nächstes: ein Manifest oder einen Ordner mit Scans wählen</translation>
    </message>
    <message>
        <source>Next: choose a protocol and use it for this study</source>
        <translation>Als Nächstes: ein Protokoll wählen und für diese Studie verwenden</translation>
    </message>
    <message>
        <source>Next: choose the table of targets; without it nothing is told of accuracy</source>
        <translation>Als Nächstes: die Tabelle der Ziele wählen; ohne sie wird nichts über Genauigkeit gesagt</translation>
    </message>
    <message>
        <source>Next: choose where the tables shall lie</source>
        <translation>Als Nächstes: wählen, wo die Tabellen liegen sollen</translation>
    </message>
    <message>
        <source>Next: collect kits that came back signed</source>
        <translation>Als Nächstes: signiert zurückgekommene Kits einsammeln</translation>
    </message>
    <message>
        <source>Next: deal the third reader&apos;s kit, if the two disagree</source>
        <translation>Als Nächstes: das Kit der dritten Person ausgeben, wenn die beiden nicht übereinstimmen</translation>
    </message>
    <message>
        <source>Next: look at which series are which, then add the scans</source>
        <translation>Als Nächstes: nachsehen, welche Serie welche ist, dann die Scans aufnehmen</translation>
    </message>
    <message>
        <source>Next: make the iron maps, after the targets</source>
        <translation>Als Nächstes: die Eisenkarten berechnen, nach den Zielen</translation>
    </message>
    <message>
        <source>Next: name those who will read</source>
        <translation>Als Nächstes: nennen, wer befundet</translation>
    </message>
    <message>
        <source>Next: the series of these scans</source>
        <translation>Als Nächstes: die Serien dieser Scans</translation>
    </message>
    <message>
        <source>No calibration for {fields}: these scans will have no iron map</source>
        <translation>Keine Kalibrierung für {fields}: Diese Scans bekommen keine Eisenkarte</translation>
    </message>
    <message>
        <source>No target is given for {subjects}: right if they have none</source>
        <translation>Kein Ziel für {subjects}: richtig, wenn es keines gibt</translation>
    </message>
    <message>
        <source>One reader: nothing can be told of agreement</source>
        <translation>Eine Person: Über Übereinstimmung lässt sich nichts sagen</translation>
    </message>
    <message>
        <source>Retired after the backup that was put back, and let in again: {names}</source>
        <translation>Nach der zurückgeholten Sicherung verabschiedet und wieder eingelassen: {names}</translation>
    </message>
    <message>
        <source>See whether these cases and readers are enough</source>
        <translation>Sehen Sie, ob diese Fälle und Befunder reichen</translation>
    </message>
    <message>
        <source>Some scans that were named are not in the study yet</source>
        <translation>Manche genannten Scans sind noch nicht in der Studie</translation>
    </message>
    <message>
        <source>The protocol asks for no training</source>
        <translation>Das Protokoll verlangt kein Training</translation>
    </message>
    <message>
        <source>The protocol asks for no training: these scans are left out</source>
        <translation>Das Protokoll verlangt kein Training: Diese Scans bleiben außen vor</translation>
    </message>
    <message>
        <source>The protocol asks for training: say what is expected</source>
        <translation>Das Protokoll verlangt Training: Sagen Sie, was erwartet wird</translation>
    </message>
    <message>
        <source>The protocol has no rule of adjudication: nothing is sent</source>
        <translation>Das Protokoll hat keine Schlichtungsregel: Nichts wird weitergegeben</translation>
    </message>
    <message>
        <source>The study has no password yet: set one below</source>
        <translation>Die Studie hat noch kein Passwort: Setzen Sie unten eines</translation>
    </message>
    <message>
        <source>The study has one owner; name people where several work</source>
        <translation>Die Studie hat eine Person als Eigentümerin; nennen Sie Personen, wo mehrere arbeiten</translation>
    </message>
    <message>
        <source>The study has scans; more can be added at any time</source>
        <translation>Die Studie hat Scans; weitere lassen sich jederzeit aufnehmen</translation>
    </message>
    <message>
        <source>These readers can be dealt kits</source>
        <translation>Diese Befunder können Kits bekommen</translation>
    </message>
    <message>
        <source>These scans come first, with feedback</source>
        <translation>Diese Scans kommen zuerst, mit Rückmeldung</translation>
    </message>
    <message>
        <source>To name people, first set the study&apos;s password (page Unblind)</source>
        <translation>Um Personen zu nennen, setzen Sie erst das Passwort der Studie (Seite Entblinden)</translation>
    </message>
    <message>
        <source>Whoever works at the study logs in</source>
        <translation>Wer an der Studie arbeitet, meldet sich an</translation>
    </message>
    <message>
        <source>a protocol</source>
        <translation>ein Protokoll</translation>
    </message>
    <message>
        <source>readers</source>
        <translation>Befunder</translation>
    </message>
    <message>
        <source>scans</source>
        <translation>Scans</translation>
    </message>
    <message>
        <source>witness.jsonl was missing: look whether everybody retired is retired here</source>
        <translation>witness.jsonl fehlte: Prüfen Sie, ob alle, die verabschiedet wurden, es hier auch sind</translation>
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
        <source>For coordinators: build a study, deal kits, collect, analyse</source>
        <translation>Für Studienkoordination: aufbauen, ausgeben, einsammeln, auswerten</translation>
    </message>
    <message>
        <source>Images …</source>
        <translation>Bilder …</translation>
    </message>
    <message>
        <source>Kit {number}</source>
        <translation>Kit {number}</translation>
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
        <source>New study …</source>
        <translation>Neue Studie …</translation>
    </message>
    <message>
        <source>OPENED BEFORE</source>
        <translation>BEREITS GEÖFFNET</translation>
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
        <source>Open a study …</source>
        <translation>Studie öffnen …</translation>
    </message>
    <message>
        <source>Open a study: its folder</source>
        <translation>Studie öffnen: ihr Ordner</translation>
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
    <name>StudyDoor</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Choose it</source>
        <translation>Wählen</translation>
    </message>
    <message>
        <source>Choose your password</source>
        <translation>Wählen Sie Ihr Passwort</translation>
    </message>
    <message>
        <source>Close the study</source>
        <translation>Die Studie schließen</translation>
    </message>
    <message>
        <source>Locked</source>
        <translation>Gesperrt</translation>
    </message>
    <message>
        <source>Whoever works at this study logs in. What they do is recorded.</source>
        <translation>Wer an dieser Studie arbeitet, meldet sich an. Was dann geschieht, wird festgehalten.</translation>
    </message>
    <message>
        <source>Your password was given to you. Choose one that nobody else knows.</source>
        <translation>Ihr Passwort wurde Ihnen gegeben. Wählen Sie eines, das niemand sonst kennt.</translation>
    </message>
    <message>
        <source>{name} is logged in. Only that password opens the window again.</source>
        <translation>{name} ist angemeldet. Nur dieses Passwort öffnet das Fenster wieder.</translation>
    </message>
</context>
<context>
    <name>StudyWindow</name>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Back: {step}</source>
        <translation>Zurück: {step}</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>How far the work is</source>
        <translation>Wie weit die Arbeit ist</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Next: {step}</source>
        <translation>Weiter: {step}</translation>
    </message>
    <message>
        <source>STEPS</source>
        <translation>SCHRITTE</translation>
    </message>
    <message>
        <source>Steps of the study</source>
        <translation>Schritte der Studie</translation>
    </message>
    <message>
        <source>Stop what is under way (Esc)</source>
        <translation>Anhalten, was läuft (Esc)</translation>
    </message>
    <message>
        <source>Study</source>
        <translation>Studie</translation>
    </message>
    <message>
        <source>This page has no use for these files</source>
        <translation>Diese Seite kann mit diesen Dateien nichts anfangen</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Ansicht</translation>
    </message>
</context>
<context>
    <name>TargetsPage</name>
    <message>
        <source>A CSV with the columns subject, target, kind, malignant, diameter_mm, centre_x_mm, centre_y_mm and centre_z_mm</source>
        <translation>Eine CSV mit den Spalten subject, target, kind, malignant, diameter_mm, centre_x_mm, centre_y_mm und centre_z_mm</translation>
    </message>
    <message>
        <source>Reference standard …</source>
        <translation>Referenzstandard …</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation>Tabellen (*.csv)</translation>
    </message>
    <message>
        <source>Targets of the reference standard</source>
        <translation>Ziele des Referenzstandards</translation>
    </message>
    <message>
        <source>The reference standard</source>
        <translation>Der Referenzstandard</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nein</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
</context>
<context>
    <name>TextCard</name>
    <message numerus="yes">
        <source>%n character(s) left</source>
        <translation>
            <numerusform>noch %n Zeichen</numerusform>
            <numerusform>noch %n Zeichen</numerusform>
        </translation>
    </message>
    <message>
        <source>answered: {text}</source>
        <translation>beantwortet: {text}</translation>
    </message>
    <message>
        <source>too long</source>
        <translation>zu lang</translation>
    </message>
</context>
<context>
    <name>TextDialog</name>
    <message>
        <source>Decide later</source>
        <translation>Später entscheiden</translation>
    </message>
    <message>
        <source>Mask the boxes</source>
        <translation>Kästen abdecken</translation>
    </message>
    <message>
        <source>No box in this series</source>
        <translation>Kein Kasten in dieser Serie</translation>
    </message>
    <message>
        <source>Series</source>
        <translation>Serien</translation>
    </message>
    <message>
        <source>Slice</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>Slice with boxes</source>
        <translation>Schicht mit Kästen</translation>
    </message>
    <message>
        <source>Slice {number} of {count}</source>
        <translation>Schicht {number} von {count}</translation>
    </message>
    <message>
        <source>Text in the pictures</source>
        <translation>Text in den Bildern</translation>
    </message>
    <message>
        <source>The pictures stay as they are</source>
        <translation>Die Bilder bleiben, wie sie sind</translation>
    </message>
    <message>
        <source>There is no text</source>
        <translation>Es ist kein Text da</translation>
    </message>
    <message>
        <source>What lies in the boxes gets black</source>
        <translation>Was in den Kästen liegt, wird schwarz</translation>
    </message>
    <message>
        <source>slices {first} to {last}, rows {top} to {bottom}, columns {left} to {right}</source>
        <translation>Schichten {first} bis {last}, Zeilen {top} bis {bottom}, Spalten {left} bis {right}</translation>
    </message>
    <message>
        <source>{scan}: look through every series. Boxes are where text is likely; drag to add one, click one and press Delete to take it away, move it with the arrow keys. What you decide is recorded.</source>
        <translation>{scan}: Sehen Sie jede Serie durch. Kästen stehen, wo Text wahrscheinlich ist; Ziehen zeichnet einen neuen, Anklicken und Entf nimmt einen weg, Pfeiltasten verschieben ihn. Ihre Entscheidung wird festgehalten.</translation>
    </message>
</context>
<context>
    <name>ThresholdBrush</name>
    <message>
        <source>There is no value under the brush</source>
        <translation>Unter dem Pinsel ist kein Wert</translation>
    </message>
    <message>
        <source>values from {low} to {high}</source>
        <translation>Werte von {low} bis {high}</translation>
    </message>
</context>
<context>
    <name>ToolsController</name>
    <message>
        <source>This case is signed and cannot change any more</source>
        <translation>Dieser Fall ist signiert und lässt sich nicht mehr ändern</translation>
    </message>
</context>
<context>
    <name>TrailDialog</name>
    <message>
        <source>A day, a month or a year, in UTC: 2026-11-26, 2026-11, 2026</source>
        <translation>Ein Tag, ein Monat oder ein Jahr, in UTC: 2026-11-26, 2026-11, 2026</translation>
    </message>
    <message>
        <source>As CSV, or as PDF to print</source>
        <translation>Als CSV, oder als PDF zum Drucken</translation>
    </message>
    <message>
        <source>Audit trail</source>
        <translation>Protokoll der Änderungen</translation>
    </message>
    <message>
        <source>Case, subject or word</source>
        <translation>Fall, Subjekt oder Wort</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>PDF (*.pdf)</source>
        <translation>PDF (*.pdf)</translation>
    </message>
    <message>
        <source>Records</source>
        <translation>Einträge</translation>
    </message>
    <message>
        <source>Save the trail</source>
        <translation>Protokoll speichern</translation>
    </message>
    <message>
        <source>Save what is shown …</source>
        <translation>Gezeigtes speichern …</translation>
    </message>
    <message>
        <source>Saved as {file}</source>
        <translation>Gespeichert als {file}</translation>
    </message>
    <message>
        <source>Table (*.csv)</source>
        <translation>Tabelle (*.csv)</translation>
    </message>
    <message>
        <source>To</source>
        <translation>Bis</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>What stands in the case, the subject, or what is told</source>
        <translation>Was im Fall, im Subjekt oder in den Angaben steht</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>Wer</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>not shown to you</source>
        <translation>Ihnen nicht gezeigt</translation>
    </message>
    <message>
        <source>{count} of {all} records; each follows from the one before</source>
        <translation>{count} von {all} Einträgen; jeder folgt aus dem vorigen</translation>
    </message>
</context>
<context>
    <name>TrainingController</name>
    <message numerus="yes">
        <source>%n more case(s) of this training round.</source>
        <translation>
            <numerusform>Noch %n Fall in dieser Trainingsrunde.</numerusform>
            <numerusform>Noch %n Fälle in dieser Trainingsrunde.</numerusform>
        </translation>
    </message>
    <message>
        <source>Finding to be marked: {kind}</source>
        <translation>Zu markierender Befund: {kind}</translation>
    </message>
    <message>
        <source>Not passed yet: {met} of {total} were as expected, {needed} are needed. The training begins again with round {round} of {rounds}; its cases have other names.</source>
        <translation>Noch nicht bestanden: {met} von {total} waren wie erwartet, {needed} sind nötig. Das Training beginnt neu mit Runde {round} von {rounds}; deren Fälle heißen anders.</translation>
    </message>
    <message>
        <source>Nothing is expected of this case; it was there to practise.</source>
        <translation>Von diesem Fall wird nichts erwartet; er diente der Übung.</translation>
    </message>
    <message>
        <source>Training not passed: {met} of {total} were as expected, {needed} are needed. The cases of the study stay closed. Please ask the coordinator.</source>
        <translation>Training nicht bestanden: {met} von {total} waren wie erwartet, {needed} sind nötig. Die Fälle der Studie bleiben geschlossen. Bitte fragen Sie die Studienkoordination.</translation>
    </message>
    <message>
        <source>Training passed: {met} of {total} were as expected. The cases of the study are open now.</source>
        <translation>Training bestanden: {met} von {total} waren wie erwartet. Die Fälle der Studie sind nun offen.</translation>
    </message>
    <message>
        <source>not answered</source>
        <translation>nicht beantwortet</translation>
    </message>
    <message>
        <source>not marked</source>
        <translation>nicht markiert</translation>
    </message>
    <message>
        <source>{met} of {total} as expected.</source>
        <translation>{met} von {total} wie erwartet.</translation>
    </message>
</context>
<context>
    <name>TrainingPage</name>
    <message>
        <source>A CSV with the columns subject, question and value, and visit, target, tolerance, text</source>
        <translation>Eine CSV mit den Spalten subject, question und value, dazu visit, target, tolerance, text</translation>
    </message>
    <message>
        <source>Answers expected …</source>
        <translation>Erwartete Antworten …</translation>
    </message>
    <message>
        <source>No training</source>
        <translation>Kein Training</translation>
    </message>
    <message>
        <source>Subjects for training</source>
        <translation>Subjekte fürs Training</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation>Tabellen (*.csv)</translation>
    </message>
    <message>
        <source>Use all scans to be read</source>
        <translation>Alle Scans befunden lassen</translation>
    </message>
    <message>
        <source>What is expected of training</source>
        <translation>Was im Training erwartet wird</translation>
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
        <translation>Erstes Echo des Probefits</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>Last echo of the trial fit</source>
        <translation>Letztes Echo des Probefits</translation>
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
        <translation>Methode des Probefits</translation>
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
        <translation>Probefit</translation>
    </message>
    <message>
        <source>Trial fit – the study&apos;s map is what is recorded</source>
        <translation>Probefit – festgehalten wird die Karte der Studie</translation>
    </message>
    <message>
        <source>{slider}; Left and Right change it</source>
        <translation>{slider}; Links und Rechts ändern es</translation>
    </message>
</context>
<context>
    <name>UnblindPage</name>
    <message>
        <source>Cases not signed and collected: {count}. Whoever has seen the key can unblind their readers, and what is collected afterwards is marked in every export.</source>
        <translation>Nicht signierte und eingesammelte Fälle: {count}. Wer den Schlüssel gesehen hat, kann ihre Befunder entblinden, und was danach eingesammelt wird, ist in jedem Export gekennzeichnet.</translation>
    </message>
    <message>
        <source>Change the password</source>
        <translation>Passwort ändern</translation>
    </message>
    <message>
        <source>Coordinator&apos;s password</source>
        <translation>Passwort der Studienkoordination</translation>
    </message>
    <message>
        <source>Eight characters or more; the old one is asked for where there is one</source>
        <translation>Acht Zeichen oder mehr; das alte wird verlangt, wo es eines gibt</translation>
    </message>
    <message>
        <source>Key of the study</source>
        <translation>Schlüssel der Studie</translation>
    </message>
    <message>
        <source>New password</source>
        <translation>Neues Passwort</translation>
    </message>
    <message>
        <source>New password once more</source>
        <translation>Neues Passwort noch einmal</translation>
    </message>
    <message>
        <source>Reason, which is recorded</source>
        <translation>Grund, der festgehalten wird</translation>
    </message>
    <message>
        <source>Set the password</source>
        <translation>Passwort setzen</translation>
    </message>
    <message>
        <source>Show the key</source>
        <translation>Schlüssel zeigen</translation>
    </message>
    <message>
        <source>Show the key all the same?</source>
        <translation>Den Schlüssel trotzdem zeigen?</translation>
    </message>
    <message>
        <source>Showing the key</source>
        <translation>Schlüssel wird gezeigt</translation>
    </message>
    <message>
        <source>The coordinator&apos;s password is set</source>
        <translation>Das Passwort der Studienkoordination ist gesetzt</translation>
    </message>
    <message>
        <source>The key was shown, and that is recorded</source>
        <translation>Der Schlüssel wurde gezeigt, und das ist festgehalten</translation>
    </message>
    <message>
        <source>The two new passwords differ; nothing was changed</source>
        <translation>Die zwei neuen Passwörter sind verschieden; nichts wurde geändert</translation>
    </message>
    <message>
        <source>Unblind</source>
        <translation>Entblinden</translation>
    </message>
</context>
<context>
    <name>UndoController</name>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Redo {edit}</source>
        <translation>Wiederholen: {edit}</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Undo {edit}</source>
        <translation>Rückgängig: {edit}</translation>
    </message>
</context>
<context>
    <name>ViewsController</name>
    <message>
        <source>No case is open</source>
        <translation>Kein Fall ist offen</translation>
    </message>
    <message>
        <source>Reading the pictures of case {alias} …</source>
        <translation>Bilder von Fall {alias} werden gelesen …</translation>
    </message>
    <message>
        <source>The pictures of case {alias} could not be read</source>
        <translation>Die Bilder des Falls {alias} konnten nicht gelesen werden</translation>
    </message>
    <message>
        <source>This case has no picture of this kind: {name}</source>
        <translation>Dieser Fall hat kein solches Bild: {name}</translation>
    </message>
    <message>
        <source>This map is being made …</source>
        <translation>Diese Karte wird berechnet …</translation>
    </message>
    <message>
        <source>slice {number}/{all}    ×{zoom}</source>
        <translation>Schicht {number}/{all}    ×{zoom}</translation>
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
    <message>
        <source>The pictures of case {alias} could not be read</source>
        <translation>Die Bilder des Falls {alias} konnten nicht gelesen werden</translation>
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
        <translation>Blick</translation>
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
        <source>Show cases</source>
        <translation>Fälle zeigen</translation>
    </message>
    <message>
        <source>Training, round {round} of {rounds}: {signed} of {all} signed</source>
        <translation>Training, Runde {round} von {rounds}: {signed} von {all} signiert</translation>
    </message>
    <message>
        <source>Which cases are listed</source>
        <translation>Welche Fälle aufgelistet sind</translation>
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
    <message>
        <source>Case {alias}, {state}, flagged</source>
        <translation>Fall {alias}, {state}, für eine Rückfrage gekennzeichnet</translation>
    </message>
</context>
</TS>
