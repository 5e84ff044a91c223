<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US" sourcelanguage="en">
<context>
    <name>History</name>
    <message numerus="yes">
        <source>%n call(s), kept on this computer only.</source>
        <translation>
            <numerusform>%n call, kept on this computer only.</numerusform>
            <numerusform>%n calls, kept on this computer only.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Forget %n call(s)? This cannot be undone.</source>
        <translation>
            <numerusform>Forget %n call? This cannot be undone.</numerusform>
            <numerusform>Forget %n calls? This cannot be undone.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>IdleView</name>
    <message numerus="yes">
        <source>%n missed call(s)</source>
        <translation>
            <numerusform>%n missed call</numerusform>
            <numerusform>%n missed calls</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Microphone</name>
    <message numerus="yes">
        <source>Say something. %n second(s) are left.</source>
        <translation>
            <numerusform>Say something. %n second is left.</numerusform>
            <numerusform>Say something. %n seconds are left.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message numerus="yes">
        <source>%n missed call(s)</source>
        <translation>
            <numerusform>%n missed call</numerusform>
            <numerusform>%n missed calls</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message numerus="yes">
        <source>%n missed call(s)</source>
        <translation>
            <numerusform>%n missed call</numerusform>
            <numerusform>%n missed calls</numerusform>
        </translation>
    </message>
</context>
</TS>
