<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US">
<context>
    <name>ArchiveDialog</name>
    <message numerus="yes">
        <source>%n series</source>
        <translation>
            <numerusform>%n series</numerusform>
            <numerusform>%n series</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Curtain</name>
    <message numerus="yes">
        <source>%n wrong password(s) since your last log-in, the last at {time} UTC.</source>
        <translation>
            <numerusform>%n wrong password since your last log-in, the last at {time} UTC.</numerusform>
            <numerusform>%n wrong passwords since your last log-in, the last at {time} UTC.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ImportWindow</name>
    <message numerus="yes">
        <source>%n file(s)</source>
        <translation>
            <numerusform>%n file</numerusform>
            <numerusform>%n files</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n series</source>
        <translation>
            <numerusform>%n series</numerusform>
            <numerusform>%n series</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ReviewController</name>
    <message numerus="yes">
        <source>%n thing(s) missing. Choose one to go there.</source>
        <translation>
            <numerusform>%n thing is missing. Choose it to go there.</numerusform>
            <numerusform>%n things are missing. Choose one to go there.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TextCard</name>
    <message numerus="yes">
        <source>%n character(s) left</source>
        <translation>
            <numerusform>%n character left</numerusform>
            <numerusform>%n characters left</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TrainingController</name>
    <message numerus="yes">
        <source>%n more case(s) of this training round.</source>
        <translation>
            <numerusform>%n more case of this training round.</numerusform>
            <numerusform>%n more cases of this training round.</numerusform>
        </translation>
    </message>
</context>
</TS>
