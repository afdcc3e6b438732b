<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE">
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
</TS>
