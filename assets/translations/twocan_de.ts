<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en">
<context>
    <name>AboutPage</name>
    <message>
        <source>A phone that is only the call.</source>
        <translation>Ein Telefon, das nur Anruf ist.</translation>
    </message>
    <message>
        <source>Copied. There are no addresses in it.</source>
        <translation>Kopiert. Es stehen keine Adressen darin.</translation>
    </message>
    <message>
        <source>Copy technical details</source>
        <translation>Technische Angaben kopieren</translation>
    </message>
    <message>
        <source>Decline it, or go back</source>
        <translation>Ablehnen oder zurück</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Licence: {licence}</source>
        <translation>Lizenz: {licence}</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Take a call that rings</source>
        <translation>Anruf annehmen</translation>
    </message>
    <message>
        <source>Take it with your camera</source>
        <translation>Mit Kamera annehmen</translation>
    </message>
    <message>
        <source>Version {version}</source>
        <translation>Version {version}</translation>
    </message>
</context>
<context>
    <name>AccountForm</name>
    <message>
        <source>A port is a number from 1 to 65535.</source>
        <translation>Ein Port ist eine Zahl von 1 bis 65535.</translation>
    </message>
    <message>
        <source>Add an account</source>
        <translation>Konto hinzufügen</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Found by the address</source>
        <translation>Ergibt sich aus der Adresse</translation>
    </message>
    <message>
        <source>Name the server myself</source>
        <translation>Server selbst angeben</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Passwort</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>Port</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>Anmelden</translation>
    </message>
    <message>
        <source>The password is kept in {store}.</source>
        <translation>Das Passwort liegt in: {store}.</translation>
    </message>
    <message>
        <source>This computer has no place for secrets that Twocan can use. The account is known until Twocan is closed; the next time you sign in again.</source>
        <translation>Dieser Computer hat keinen sicheren Ort für Passwörter, den Twocan nutzen kann. Das Konto bleibt, bis Twocan beendet wird; beim nächsten Mal meldest du dich neu an.</translation>
    </message>
    <message>
        <source>Type your address.</source>
        <translation>Gib deine Adresse ein.</translation>
    </message>
    <message>
        <source>Type your password.</source>
        <translation>Gib dein Passwort ein.</translation>
    </message>
</context>
<context>
    <name>AccountRow</name>
    <message>
        <source>Came with a link of {site}</source>
        <translation>Kam mit einem Link von {site}</translation>
    </message>
    <message>
        <source>In use: {standing}</source>
        <translation>Aktiv: {standing}</translation>
    </message>
    <message>
        <source>In {store}</source>
        <translation>In: {store}</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Known only until Twocan is closed</source>
        <translation>Gilt nur, bis Twocan beendet wird</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation>Abmelden</translation>
    </message>
    <message>
        <source>Sign out and forget {address}?</source>
        <translation>{address} abmelden und vergessen?</translation>
    </message>
    <message>
        <source>Sign out {address}</source>
        <translation>{address} abmelden</translation>
    </message>
    <message>
        <source>Sign out…</source>
        <translation>Abmelden…</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Verwenden</translation>
    </message>
    <message>
        <source>Use {address}</source>
        <translation>{address} verwenden</translation>
    </message>
</context>
<context>
    <name>AccountsPage</name>
    <message>
        <source>Accounts can be changed when the call is over.</source>
        <translation>Konten lassen sich nach dem Anruf ändern.</translation>
    </message>
</context>
<context>
    <name>Around</name>
    <message>
        <source>Twocan is still here</source>
        <translation>Twocan ist noch da</translation>
    </message>
    <message>
        <source>You can be called while the window is closed. Quit from the tray menu.</source>
        <translation>Du bleibst erreichbar, auch wenn das Fenster zu ist. Beenden kannst du im Menü des Infobereichs.</translation>
    </message>
    <message>
        <source>You can be called while the window is put away. Ctrl+Q quits.</source>
        <translation>Du bleibst erreichbar, auch wenn das Fenster weggelegt ist. Strg+Q beendet Twocan.</translation>
    </message>
</context>
<context>
    <name>Callee</name>
    <message>
        <source>Call</source>
        <translation>Anrufen</translation>
    </message>
    <message>
        <source>Call with camera</source>
        <translation>Mit Kamera anrufen</translation>
    </message>
    <message>
        <source>This is not an address. It has to look like person@site.example.</source>
        <translation>Das ist keine Adresse. Sie muss so aussehen: person@site.example.</translation>
    </message>
    <message>
        <source>This is your own address.</source>
        <translation>Das ist deine eigene Adresse.</translation>
    </message>
    <message>
        <source>Type an address, or paste a link.</source>
        <translation>Gib eine Adresse ein oder füge einen Link ein.</translation>
    </message>
    <message>
        <source>Who do you want to call?</source>
        <translation>Wen möchtest du anrufen?</translation>
    </message>
    <message>
        <source>person@site.example</source>
        <translation>person@site.example</translation>
    </message>
</context>
<context>
    <name>CallingView</name>
    <message>
        <source>Calling</source>
        <translation>Ausgehender Anruf</translation>
    </message>
    <message>
        <source>Calling {name}</source>
        <translation>{name} wird angerufen</translation>
    </message>
    <message>
        <source>Calling…</source>
        <translation>Rufe an…</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Connecting with {name}</source>
        <translation>Verbindung mit {name} wird aufgebaut</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>Verbinde…</translation>
    </message>
    <message>
        <source>End</source>
        <translation>Auflegen</translation>
    </message>
    <message>
        <source>It rings at {name}</source>
        <translation>Es klingelt bei {name}</translation>
    </message>
    <message>
        <source>It rings there</source>
        <translation>Es klingelt dort</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>Stumm</translation>
    </message>
</context>
<context>
    <name>CameraPage</name>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>No camera</source>
        <translation>Keine Kamera</translation>
    </message>
    <message>
        <source>What your camera sees</source>
        <translation>Was deine Kamera sieht</translation>
    </message>
    <message>
        <source>Without a camera, others hear you and do not see you.</source>
        <translation>Ohne Kamera hören dich andere, sehen dich aber nicht.</translation>
    </message>
    <message>
        <source>Your picture is shown here when the call is over.</source>
        <translation>Dein Bild siehst du hier, wenn der Anruf vorbei ist.</translation>
    </message>
</context>
<context>
    <name>Clearing</name>
    <message>
        <source>Keep them</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Remove all</source>
        <translation>Alle entfernen</translation>
    </message>
    <message>
        <source>Remove all calls from this list? This cannot be undone.</source>
        <translation>Alle Anrufe aus dieser Liste entfernen? Das lässt sich nicht rückgängig machen.</translation>
    </message>
</context>
<context>
    <name>ControlBar</name>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Controls of the call</source>
        <translation>Bedienung des Anrufs</translation>
    </message>
    <message>
        <source>Hang up</source>
        <translation>Auflegen</translation>
    </message>
    <message>
        <source>Hold</source>
        <translation>Halten</translation>
    </message>
    <message>
        <source>Keypad</source>
        <translation>Tastenfeld</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>Stumm</translation>
    </message>
</context>
<context>
    <name>DeviceChoice</name>
    <message>
        <source>System default</source>
        <translation>Standard des Systems</translation>
    </message>
    <message>
        <source>{device} (not plugged in)</source>
        <translation>{device} (nicht angeschlossen)</translation>
    </message>
</context>
<context>
    <name>DeviceMenu</name>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Geräte</translation>
    </message>
    <message>
        <source>How loud your microphone is</source>
        <translation>Lautstärke deines Mikrofons</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Mikrofon</translation>
    </message>
    <message>
        <source>No camera</source>
        <translation>Keine Kamera</translation>
    </message>
    <message>
        <source>Speaker</source>
        <translation>Lautsprecher</translation>
    </message>
    <message>
        <source>The one that the system uses</source>
        <translation>Wie im System eingestellt</translation>
    </message>
</context>
<context>
    <name>EndedView</name>
    <message>
        <source>Call again</source>
        <translation>Noch mal anrufen</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>With the camera</source>
        <translation>Mit Kamera</translation>
    </message>
    <message>
        <source>You talked for {duration}</source>
        <translation>Gesprächsdauer: {duration}</translation>
    </message>
    <message>
        <source>Your camera was not seen. {reason}</source>
        <translation>Deine Kamera war nicht zu sehen. {reason}</translation>
    </message>
</context>
<context>
    <name>Face</name>
    <message>
        <source>Twocan cannot start: {why}</source>
        <translation>Twocan kann nicht starten: {why}</translation>
    </message>
</context>
<context>
    <name>Folders</name>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Where things are</source>
        <translation>Wo alles liegt</translation>
    </message>
</context>
<context>
    <name>GeneralPage</name>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
</context>
<context>
    <name>Heading</name>
    <message>
        <source>Full screen</source>
        <translation>Vollbild</translation>
    </message>
    <message>
        <source>It is not known yet how good the call is</source>
        <translation>Wie gut die Verbindung ist, zeigt sich gleich</translation>
    </message>
    <message>
        <source>Leave full screen</source>
        <translation>Vollbild verlassen</translation>
    </message>
    <message>
        <source>Quality of the call: {quality}</source>
        <translation>Qualität des Anrufs: {quality}</translation>
    </message>
    <message>
        <source>Safety code</source>
        <translation>Sicherheitscode</translation>
    </message>
</context>
<context>
    <name>HeldCall</name>
    <message>
        <source>Hang up</source>
        <translation>Auflegen</translation>
    </message>
    <message>
        <source>Hang up on {name}</source>
        <translation>Bei {name} auflegen</translation>
    </message>
    <message>
        <source>Swap</source>
        <translation>Wechseln</translation>
    </message>
    <message>
        <source>Talk with {name}, and put the other one on hold</source>
        <translation>Mit {name} sprechen und den anderen Anruf halten</translation>
    </message>
    <message>
        <source>{name} is on hold</source>
        <translation>{name} wartet</translation>
    </message>
</context>
<context>
    <name>History</name>
    <message numerus="yes">
        <source>%n call(s), kept on this computer only.</source>
        <translation>
            <numerusform>%n Anruf, nur auf diesem Computer gespeichert.</numerusform>
            <numerusform>%n Anrufe, nur auf diesem Computer gespeichert.</numerusform>
        </translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Clear the history</source>
        <translation>Verlauf löschen</translation>
    </message>
    <message>
        <source>Clear…</source>
        <translation>Löschen…</translation>
    </message>
    <message numerus="yes">
        <source>Forget %n call(s)? This cannot be undone.</source>
        <translation>
            <numerusform>%n Anruf vergessen? Das lässt sich nicht rückgängig machen.</numerusform>
            <numerusform>%n Anrufe vergessen? Das lässt sich nicht rückgängig machen.</numerusform>
        </translation>
    </message>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>There are no calls in it.</source>
        <translation>Er enthält keine Anrufe.</translation>
    </message>
</context>
<context>
    <name>IdleView</name>
    <message numerus="yes">
        <source>%n missed call(s)</source>
        <translation>
            <numerusform>%n verpasster Anruf</numerusform>
            <numerusform>%n verpasste Anrufe</numerusform>
        </translation>
    </message>
    <message>
        <source>OK</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>Recent calls</source>
        <translation>Letzte Anrufe</translation>
    </message>
    <message>
        <source>Restart Twocan</source>
        <translation>Twocan neu starten</translation>
    </message>
    <message>
        <source>Sign in again</source>
        <translation>Neu anmelden</translation>
    </message>
    <message>
        <source>Try now</source>
        <translation>Jetzt versuchen</translation>
    </message>
    <message>
        <source>{headline}. {advice}</source>
        <translation>{headline}. {advice}</translation>
    </message>
</context>
<context>
    <name>InCallView</name>
    <message>
        <source>Devices</source>
        <translation>Geräte</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Vollbild</translation>
    </message>
    <message>
        <source>Hold</source>
        <translation>Anruf halten</translation>
    </message>
    <message>
        <source>How the call goes</source>
        <translation>Wie der Anruf läuft</translation>
    </message>
    <message>
        <source>Keypad</source>
        <translation>Tastenfeld</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Safety code</source>
        <translation>Sicherheitscode</translation>
    </message>
    <message>
        <source>Share the screen</source>
        <translation>Bildschirm teilen</translation>
    </message>
    <message>
        <source>Show my picture</source>
        <translation>Mein Bild zeigen</translation>
    </message>
</context>
<context>
    <name>IncomingView</name>
    <message>
        <source>Answer</source>
        <translation>Annehmen</translation>
    </message>
    <message>
        <source>Decline</source>
        <translation>Ablehnen</translation>
    </message>
    <message>
        <source>Incoming call</source>
        <translation>Eingehender Anruf</translation>
    </message>
    <message>
        <source>With camera</source>
        <translation>Mit Kamera</translation>
    </message>
    <message>
        <source>calls you from {site}</source>
        <translation>ruft dich über {site} an</translation>
    </message>
    <message>
        <source>calls you from {site}, with camera</source>
        <translation>ruft dich über {site} an, mit Kamera</translation>
    </message>
    <message>
        <source>{name} calls</source>
        <translation>{name} ruft an</translation>
    </message>
</context>
<context>
    <name>Kept</name>
    <message>
        <source>Or with another address</source>
        <translation>Oder mit einer anderen Adresse</translation>
    </message>
    <message>
        <source>Sign in again as</source>
        <translation>Wieder anmelden als</translation>
    </message>
</context>
<context>
    <name>KeyList</name>
    <message>
        <source>Keys</source>
        <translation>Tastenkürzel</translation>
    </message>
</context>
<context>
    <name>Keypad</name>
    <message>
        <source>Hash</source>
        <translation>Raute</translation>
    </message>
    <message>
        <source>Keypad</source>
        <translation>Tastenfeld</translation>
    </message>
    <message>
        <source>Pressed keys: {keys}</source>
        <translation>Gedrückte Tasten: {keys}</translation>
    </message>
    <message>
        <source>Star</source>
        <translation>Stern</translation>
    </message>
</context>
<context>
    <name>KnockingCall</name>
    <message>
        <source>Answer</source>
        <translation>Annehmen</translation>
    </message>
    <message>
        <source>Answer with camera</source>
        <translation>Mit Kamera annehmen</translation>
    </message>
    <message>
        <source>Decline</source>
        <translation>Ablehnen</translation>
    </message>
    <message>
        <source>From {site}. If you answer, this call is given up.</source>
        <translation>Über {site}. Nimmst du an, wird dieser Anruf beendet.</translation>
    </message>
    <message>
        <source>From {site}. If you answer, this call is put on hold.</source>
        <translation>Über {site}. Nimmst du an, wird dieser Anruf gehalten.</translation>
    </message>
    <message>
        <source>{name} calls</source>
        <translation>{name} ruft an</translation>
    </message>
    <message>
        <source>{name} calls, with camera</source>
        <translation>{name} ruft mit Kamera an</translation>
    </message>
</context>
<context>
    <name>Me</name>
    <message>
        <source>Do not disturb</source>
        <translation>Nicht stören</translation>
    </message>
    <message>
        <source>Do not disturb is on</source>
        <translation>„Nicht stören“ ist an</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
</context>
<context>
    <name>Microphone</name>
    <message>
        <source>Five seconds are recorded, then played to you.</source>
        <translation>Fünf Sekunden werden aufgenommen und dir dann vorgespielt.</translation>
    </message>
    <message>
        <source>Hear yourself</source>
        <translation>Dich selbst hören</translation>
    </message>
    <message>
        <source>How far the recording is</source>
        <translation>Fortschritt der Aufnahme</translation>
    </message>
    <message>
        <source>How loud your microphone is</source>
        <translation>Lautstärke deines Mikrofons</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Mikrofon</translation>
    </message>
    <message numerus="yes">
        <source>Say something. %n second(s) are left.</source>
        <translation>
            <numerusform>Sag etwas. Noch %n Sekunde.</numerusform>
            <numerusform>Sag etwas. Noch %n Sekunden.</numerusform>
        </translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stopp</translation>
    </message>
    <message>
        <source>This is how others hear you.</source>
        <translation>So hören dich andere.</translation>
    </message>
</context>
<context>
    <name>Nothing</name>
    <message>
        <source>No calls yet</source>
        <translation>Noch keine Anrufe</translation>
    </message>
    <message>
        <source>Type an address above, or press the call button beside somebody on a site. Whoever calls you is listed here as well.</source>
        <translation>Gib oben eine Adresse ein, oder drücke auf einer Website den Anrufknopf neben jemandem. Auch wer dich anruft, steht dann hier.</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message numerus="yes">
        <source>%n missed call(s)</source>
        <translation>
            <numerusform>%n verpasster Anruf</numerusform>
            <numerusform>%n verpasste Anrufe</numerusform>
        </translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>Annehmen</translation>
    </message>
    <message>
        <source>Accept with camera</source>
        <translation>Mit Kamera annehmen</translation>
    </message>
    <message>
        <source>Call back</source>
        <translation>Zurückrufen</translation>
    </message>
    <message>
        <source>Call from {site}</source>
        <translation>Anruf über {site}</translation>
    </message>
    <message>
        <source>Decline</source>
        <translation>Ablehnen</translation>
    </message>
    <message>
        <source>From {names}</source>
        <translation>Von {names}</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Video call from {site}</source>
        <translation>Videoanruf über {site}</translation>
    </message>
    <message>
        <source>{name} is calling</source>
        <translation>{name} ruft an</translation>
    </message>
</context>
<context>
    <name>OlderQuestion</name>
    <message>
        <source>A newer Twocan is installed</source>
        <translation>Ein neueres Twocan ist installiert</translation>
    </message>
    <message>
        <source>Go back to {mine}</source>
        <translation>Zurück zu {mine}</translation>
    </message>
    <message>
        <source>This download is version {mine}.
Version {current} is installed.</source>
        <translation>Dieser Download ist Version {mine}.
Installiert ist Version {current}.</translation>
    </message>
    <message>
        <source>Use version {current}</source>
        <translation>Version {current} verwenden</translation>
    </message>
</context>
<context>
    <name>Overlay</name>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>OwnPicture</name>
    <message>
        <source>Hide my picture</source>
        <translation>Mein Bild ausblenden</translation>
    </message>
    <message>
        <source>The arrow keys move it to another corner.</source>
        <translation>Die Pfeiltasten schieben es in eine andere Ecke.</translation>
    </message>
    <message>
        <source>Your own picture</source>
        <translation>Dein eigenes Bild</translation>
    </message>
</context>
<context>
    <name>Password</name>
    <message>
        <source>Hide the password</source>
        <translation>Passwort verbergen</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Passwort</translation>
    </message>
    <message>
        <source>Show the password</source>
        <translation>Passwort zeigen</translation>
    </message>
    <message>
        <source>Type the password.</source>
        <translation>Gib das Passwort ein.</translation>
    </message>
</context>
<context>
    <name>PastList</name>
    <message>
        <source>Call</source>
        <translation>Anrufen</translation>
    </message>
    <message>
        <source>Call with camera</source>
        <translation>Mit Kamera anrufen</translation>
    </message>
    <message>
        <source>Clear history…</source>
        <translation>Verlauf löschen…</translation>
    </message>
    <message>
        <source>Copy address</source>
        <translation>Adresse kopieren</translation>
    </message>
    <message>
        <source>Enter calls back, Ctrl+Enter calls back with the camera.</source>
        <translation>Die Eingabetaste ruft zurück, Strg+Eingabe mit Kamera.</translation>
    </message>
    <message>
        <source>Recent calls</source>
        <translation>Letzte Anrufe</translation>
    </message>
</context>
<context>
    <name>PastModel</name>
    <message>
        <source>Declined</source>
        <translation>Abgelehnt</translation>
    </message>
    <message>
        <source>Missed</source>
        <translation>Verpasst</translation>
    </message>
    <message>
        <source>Missed call from {name}, {when}</source>
        <translation>Verpasster Anruf von {name}, {when}</translation>
    </message>
    <message>
        <source>Not reached</source>
        <translation>Nicht erreicht</translation>
    </message>
    <message>
        <source>You called {name}, {when}: {outcome}</source>
        <translation>Du hast {name} angerufen, {when}: {outcome}</translation>
    </message>
    <message>
        <source>{name} called you, {when}: {outcome}</source>
        <translation>{name} hat dich angerufen, {when}: {outcome}</translation>
    </message>
    <message>
        <source>{outcome}, {when}</source>
        <translation>{outcome}, {when}</translation>
    </message>
</context>
<context>
    <name>PastRow</name>
    <message>
        <source>{outcome} · {when}</source>
        <translation>{outcome} · {when}</translation>
    </message>
</context>
<context>
    <name>People</name>
    <message>
        <source>{name} ({address})</source>
        <translation>{name} ({address})</translation>
    </message>
</context>
<context>
    <name>Person</name>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
</context>
<context>
    <name>PickingUp</name>
    <message>
        <source>Answering {name}…</source>
        <translation>Anruf von {name} wird angenommen…</translation>
    </message>
    <message>
        <source>Don&apos;t answer</source>
        <translation>Nicht annehmen</translation>
    </message>
    <message>
        <source>You are signed in first. If it still rings then, it is answered.</source>
        <translation>Zuerst wirst du angemeldet. Klingelt es dann noch, wird der Anruf angenommen.</translation>
    </message>
</context>
<context>
    <name>Presence</name>
    <message>
        <source>Being called</source>
        <translation>Erreichbarkeit</translation>
    </message>
    <message>
        <source>Calls do not ring. You see later who called.</source>
        <translation>Anrufe klingeln nicht. Du siehst später, wer angerufen hat.</translation>
    </message>
    <message>
        <source>Do not disturb</source>
        <translation>Nicht stören</translation>
    </message>
    <message>
        <source>Start at log-in</source>
        <translation>Beim Anmelden starten</translation>
    </message>
    <message>
        <source>The start at log-in could not be set: {why}</source>
        <translation>Der Start beim Anmelden ließ sich nicht einstellen: {why}</translation>
    </message>
    <message>
        <source>You can be called as soon as you have logged in.</source>
        <translation>Du bist erreichbar, sobald dein Computer bereit ist.</translation>
    </message>
</context>
<context>
    <name>Question</name>
    <message>
        <source>Always allow calls from this site</source>
        <translation>Anrufe von dieser Seite immer erlauben</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Annehmen</translation>
    </message>
    <message>
        <source>Answer with camera</source>
        <translation>Mit Kamera annehmen</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>Anrufen</translation>
    </message>
    <message>
        <source>Call this address?</source>
        <translation>Diese Adresse anrufen?</translation>
    </message>
    <message>
        <source>Call with camera</source>
        <translation>Mit Kamera anrufen</translation>
    </message>
    <message>
        <source>Call {name}?</source>
        <translation>{name} anrufen?</translation>
    </message>
    <message>
        <source>Don&apos;t call</source>
        <translation>Nicht anrufen</translation>
    </message>
    <message>
        <source>Its links then call without asking. You can take that back in the settings.</source>
        <translation>Ihre Links rufen dann ohne Nachfrage an. In den Einstellungen kannst du das zurücknehmen.</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Nicht jetzt</translation>
    </message>
    <message>
        <source>Somebody is calling. Answer?</source>
        <translation>Jemand ruft an. Annehmen?</translation>
    </message>
    <message>
        <source>The site says: {reason}</source>
        <translation>Die Seite sagt: {reason}</translation>
    </message>
    <message>
        <source>You answer as {caller}.</source>
        <translation>Du antwortest als {caller}.</translation>
    </message>
    <message>
        <source>You call as {caller}.</source>
        <translation>Du rufst als {caller} an.</translation>
    </message>
    <message>
        <source>{name} is calling. Answer?</source>
        <translation>{name} ruft an. Annehmen?</translation>
    </message>
    <message>
        <source>{site} asks: {question} {caller}</source>
        <translation>{site} fragt: {question} {caller}</translation>
    </message>
</context>
<context>
    <name>Ringer</name>
    <message>
        <source>Ring once</source>
        <translation>Einmal klingeln</translation>
    </message>
    <message>
        <source>Ring volume</source>
        <translation>Klingellautstärke</translation>
    </message>
    <message>
        <source>Ringing</source>
        <translation>Klingeln</translation>
    </message>
    <message>
        <source>What rings</source>
        <translation>Klingelt auf</translation>
    </message>
</context>
<context>
    <name>Scene</name>
    <message>
        <source>Call</source>
        <translation>Gespräch</translation>
    </message>
    <message>
        <source>Their picture</source>
        <translation>Bild deines Gegenübers</translation>
    </message>
</context>
<context>
    <name>SectionList</name>
    <message>
        <source>About Twocan</source>
        <translation>Über Twocan</translation>
    </message>
    <message>
        <source>Accounts</source>
        <translation>Konten</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>General</source>
        <translation>Allgemein</translation>
    </message>
    <message>
        <source>Pages of the settings</source>
        <translation>Seiten der Einstellungen</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>Ton</translation>
    </message>
    <message>
        <source>Trusted sites</source>
        <translation>Vertraute Seiten</translation>
    </message>
</context>
<context>
    <name>Server</name>
    <message>
        <source>A port is a number from 1 to 65535.</source>
        <translation>Ein Port ist eine Zahl von 1 bis 65535.</translation>
    </message>
    <message>
        <source>As the site says</source>
        <translation>Wie die Seite es sagt</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>Port</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>Server and port</source>
        <translation>Server und Port</translation>
    </message>
</context>
<context>
    <name>SettingsView</name>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
</context>
<context>
    <name>SignInView</name>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>Anmelden</translation>
    </message>
    <message>
        <source>Signing in…</source>
        <translation>Anmelden…</translation>
    </message>
    <message>
        <source>The password will be kept in {place}.</source>
        <translation>Gespeichert wird das Passwort in: {place}.</translation>
    </message>
    <message>
        <source>This computer has no safe place for passwords. Yours is known until Twocan is closed, and asked for the next time.</source>
        <translation>Dieser Computer hat keinen sicheren Ort für Passwörter. Deines bleibt, bis Twocan beendet wird, und wird beim nächsten Mal erfragt.</translation>
    </message>
    <message>
        <source>This is not an address. It has to look like person@site.example.</source>
        <translation>Das ist keine Adresse. Sie muss so aussehen: person@site.example.</translation>
    </message>
    <message>
        <source>person@site.example</source>
        <translation>person@site.example</translation>
    </message>
    <message>
        <source>{headline}. {advice}</source>
        <translation>{headline}. {advice}</translation>
    </message>
</context>
<context>
    <name>SitesPage</name>
    <message>
        <source>Do not trust {site} any more</source>
        <translation>{site} nicht mehr vertrauen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>There are none. When the link of a site asks to call somebody, you can choose to trust the site: from then on Twocan calls at once, and the site is listed here.</source>
        <translation>Noch keine. Fragt der Link einer Seite, ob er jemanden anrufen darf, kannst du der Seite vertrauen: Dann ruft Twocan künftig sofort an, und die Seite steht hier.</translation>
    </message>
    <message>
        <source>Trusted sites</source>
        <translation>Vertraute Seiten</translation>
    </message>
    <message>
        <source>When you press the call button of one of these, Twocan calls at once.</source>
        <translation>Drückst du auf einer dieser Seiten den Anrufknopf, ruft Twocan sofort an.</translation>
    </message>
</context>
<context>
    <name>Speaker</name>
    <message>
        <source>Play a test tone</source>
        <translation>Testton abspielen</translation>
    </message>
    <message>
        <source>Speaker</source>
        <translation>Lautsprecher</translation>
    </message>
</context>
<context>
    <name>Statistics</name>
    <message>
        <source>Copy the figures</source>
        <translation>Werte kopieren</translation>
    </message>
    <message>
        <source>For experts</source>
        <translation>Für Fachleute</translation>
    </message>
    <message>
        <source>How the call goes</source>
        <translation>Wie der Anruf läuft</translation>
    </message>
    <message>
        <source>It is not known yet how good the call is.</source>
        <translation>Wie gut die Verbindung ist, zeigt sich gleich.</translation>
    </message>
    <message>
        <source>Quality of the call: {quality}</source>
        <translation>Qualität des Anrufs: {quality}</translation>
    </message>
    <message>
        <source>The figures are copied</source>
        <translation>Die Werte sind kopiert</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message numerus="yes">
        <source>%n missed call(s)</source>
        <translation>
            <numerusform>%n verpasster Anruf</numerusform>
            <numerusform>%n verpasste Anrufe</numerusform>
        </translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>Annehmen</translation>
    </message>
    <message>
        <source>Accept with camera</source>
        <translation>Mit Kamera annehmen</translation>
    </message>
    <message>
        <source>Calling {name}</source>
        <translation>{name} wird angerufen</translation>
    </message>
    <message>
        <source>Decline</source>
        <translation>Ablehnen</translation>
    </message>
    <message>
        <source>Do not disturb</source>
        <translation>Nicht stören</translation>
    </message>
    <message>
        <source>Hang up</source>
        <translation>Auflegen</translation>
    </message>
    <message>
        <source>In a call with {name}</source>
        <translation>Im Gespräch mit {name}</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>Stummschalten</translation>
    </message>
    <message>
        <source>Open Twocan</source>
        <translation>Twocan öffnen</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Quit, and end the call</source>
        <translation>Auflegen und beenden</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>{name} is calling</source>
        <translation>{name} ruft an</translation>
    </message>
    <message>
        <source>{name} is on hold</source>
        <translation>{name} wartet</translation>
    </message>
</context>
<context>
    <name>Troubles</name>
    <message>
        <source>Choose another camera</source>
        <translation>Andere Kamera wählen</translation>
    </message>
    <message>
        <source>Choose another microphone</source>
        <translation>Anderes Mikrofon wählen</translation>
    </message>
    <message>
        <source>Your microphone gives no sound, so nobody can hear you.</source>
        <translation>Dein Mikrofon gibt keinen Ton, deshalb hört dich niemand.</translation>
    </message>
</context>
<context>
    <name>Updates</name>
    <message>
        <source>About once a day the site of your account is asked, never during a call. Nothing about you is sent along.</source>
        <translation>Etwa einmal am Tag wird die Seite deines Kontos gefragt, nie während eines Anrufs. Über dich wird dabei nichts mitgeschickt.</translation>
    </message>
    <message>
        <source>Look for new versions</source>
        <translation>Nach neuen Versionen suchen</translation>
    </message>
    <message>
        <source>New versions</source>
        <translation>Neue Versionen</translation>
    </message>
    <message>
        <source>This copy of Twocan does not look for new versions.</source>
        <translation>Dieses Twocan sucht nicht nach neuen Versionen.</translation>
    </message>
    <message>
        <source>This is version {version}.</source>
        <translation>Das ist Version {version}.</translation>
    </message>
</context>
<context>
    <name>Verification</name>
    <message>
        <source>Read these digits out to each other. If both of you see the same, nobody sits between you and listens.</source>
        <translation>Lest euch diese Ziffern gegenseitig vor. Seht ihr beide dieselben, sitzt niemand dazwischen und hört mit.</translation>
    </message>
    <message>
        <source>Safety code</source>
        <translation>Sicherheitscode</translation>
    </message>
    <message>
        <source>The other program does not make a safety code. The call is encrypted, but you cannot check who is at the other end of it.</source>
        <translation>Das andere Programm bildet keinen Sicherheitscode. Der Anruf ist verschlüsselt, aber du kannst nicht prüfen, wer am anderen Ende ist.</translation>
    </message>
</context>
<context>
    <name>Voice</name>
    <message>
        <source>Fans, traffic and keyboards become quiet.</source>
        <translation>Lüfter, Verkehr und Tastaturen werden leise.</translation>
    </message>
    <message>
        <source>Keep the loudness even</source>
        <translation>Lautstärke ausgleichen</translation>
    </message>
    <message>
        <source>Others do not hear themselves from your speaker.</source>
        <translation>Andere hören sich nicht selbst aus deinem Lautsprecher.</translation>
    </message>
    <message>
        <source>Remove echo</source>
        <translation>Echo entfernen</translation>
    </message>
    <message>
        <source>Suppress noise</source>
        <translation>Geräusche dämpfen</translation>
    </message>
    <message>
        <source>You are as loud from afar as from close by.</source>
        <translation>Du bist von Weitem so laut wie von Nahem.</translation>
    </message>
    <message>
        <source>Your voice</source>
        <translation>Deine Stimme</translation>
    </message>
</context>
<context>
    <name>Waiting</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Opening the link…</source>
        <translation>Link wird geöffnet…</translation>
    </message>
    <message>
        <source>The site is being asked whom it is for.</source>
        <translation>Die Seite wird gefragt, für wen er ist.</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>The call button of a site brings its own account, so there is nothing to fill in here. If you have an address, sign in with it.</source>
        <translation>Der Anrufknopf einer Seite bringt sein eigenes Konto mit, dann gibt es hier nichts auszufüllen. Hast du eine Adresse, melde dich damit an.</translation>
    </message>
    <message>
        <source>Welcome to Twocan</source>
        <translation>Willkommen bei Twocan</translation>
    </message>
</context>
<context>
    <name>facts</name>
    <message>
        <source>Connecting…</source>
        <translation>Verbinde…</translation>
    </message>
    <message>
        <source>The camera of {name} goes on</source>
        <translation>Die Kamera von {name} läuft wieder</translation>
    </message>
    <message>
        <source>The camera of {name} pauses</source>
        <translation>Kamera von {name} pausiert</translation>
    </message>
    <message>
        <source>The microphone of {name} is on</source>
        <translation>Das Mikrofon von {name} ist an</translation>
    </message>
    <message>
        <source>You are connected with {name}</source>
        <translation>Du bist mit {name} verbunden</translation>
    </message>
    <message>
        <source>You put {name} on hold</source>
        <translation>Du hältst den Anruf mit {name}</translation>
    </message>
    <message>
        <source>You talk with {name} again</source>
        <translation>Du sprichst wieder mit {name}</translation>
    </message>
    <message>
        <source>Your camera goes on</source>
        <translation>Deine Kamera läuft wieder</translation>
    </message>
    <message>
        <source>Your camera pauses</source>
        <translation>Deine Kamera pausiert</translation>
    </message>
    <message>
        <source>Your microphone is muted</source>
        <translation>Dein Mikrofon ist stumm</translation>
    </message>
    <message>
        <source>Your microphone is on</source>
        <translation>Dein Mikrofon ist an</translation>
    </message>
    <message>
        <source>{name} has muted the microphone</source>
        <translation>{name} hat sich stummgeschaltet</translation>
    </message>
    <message>
        <source>{name} is back</source>
        <translation>{name} ist wieder da</translation>
    </message>
    <message>
        <source>{name} put you on hold</source>
        <translation>{name} hält den Anruf</translation>
    </message>
</context>
<context>
    <name>figures</name>
    <message>
        <source>Filled in</source>
        <translation>Ersetzt</translation>
    </message>
    <message>
        <source>Goes</source>
        <translation>Verbindung</translation>
    </message>
    <message>
        <source>Kept back</source>
        <translation>Gepuffert</translation>
    </message>
    <message>
        <source>Lost</source>
        <translation>Verloren</translation>
    </message>
    <message>
        <source>Pictures that you see</source>
        <translation>Bild, das du siehst</translation>
    </message>
    <message>
        <source>Pictures that you send</source>
        <translation>Bild, das du sendest</translation>
    </message>
    <message>
        <source>Pictures/s</source>
        <translation>Bilder/s</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>Datenrate</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Sound that you hear</source>
        <translation>Ton, den du hörst</translation>
    </message>
    <message>
        <source>Sound that you send</source>
        <translation>Ton, den du sendest</translation>
    </message>
    <message>
        <source>Stood still</source>
        <translation>Stand still</translation>
    </message>
    <message>
        <source>The way between you</source>
        <translation>Der Weg zwischen euch</translation>
    </message>
    <message>
        <source>There and back</source>
        <translation>Hin und zurück</translation>
    </message>
    <message>
        <source>Uneven arrival</source>
        <translation>Schwankung</translation>
    </message>
    <message>
        <source>directly</source>
        <translation>direkt</translation>
    </message>
    <message>
        <source>through a relay</source>
        <translation>über eine Zwischenstation</translation>
    </message>
    <message>
        <source>{figure} %</source>
        <translation>{figure} %</translation>
    </message>
    <message>
        <source>{figure} Mbit/s</source>
        <translation>{figure} Mbit/s</translation>
    </message>
    <message>
        <source>{figure} kbit/s</source>
        <translation>{figure} kbit/s</translation>
    </message>
    <message>
        <source>{figure} ms</source>
        <translation>{figure} ms</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} s</translation>
    </message>
</context>
<context>
    <name>shortcuts</name>
    <message>
        <source>Camera on or off</source>
        <translation>Kamera an oder aus</translation>
    </message>
    <message>
        <source>Close what is open, or leave full screen</source>
        <translation>Offenes schließen oder Vollbild verlassen</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Vollbild</translation>
    </message>
    <message>
        <source>Hang up</source>
        <translation>Auflegen</translation>
    </message>
    <message>
        <source>Hold or resume</source>
        <translation>Halten oder fortsetzen</translation>
    </message>
    <message>
        <source>Keypad</source>
        <translation>Tastenfeld</translation>
    </message>
    <message>
        <source>Mute or unmute the microphone</source>
        <translation>Mikrofon stumm oder an</translation>
    </message>
    <message>
        <source>Press a telephone key</source>
        <translation>Telefontaste drücken</translation>
    </message>
    <message>
        <source>Swap the two calls</source>
        <translation>Zwischen zwei Anrufen wechseln</translation>
    </message>
</context>
<context>
    <name>starting</name>
    <message>
        <source>Another version of Twocan is running. Quit it first.</source>
        <translation>Eine andere Version von Twocan läuft gerade. Beende sie zuerst.</translation>
    </message>
    <message>
        <source>Something else has taken the place of the Twocan that runs. Restart the computer, then try again.</source>
        <translation>Etwas anderes hat den Platz des laufenden Twocan eingenommen. Starte den Computer neu, und versuch es dann noch einmal.</translation>
    </message>
    <message>
        <source>Twocan is running already, but does not answer. End it, or restart the computer, then try again.</source>
        <translation>Twocan läuft schon, antwortet aber nicht. Beende es, oder starte den Computer neu, und versuch es dann noch einmal.</translation>
    </message>
    <message>
        <source>Twocan is running already, without the account that TWOCAN_ACCOUNT names. Quit it first.</source>
        <translation>Twocan läuft schon, aber ohne das Konto, das TWOCAN_ACCOUNT nennt. Beende es zuerst.</translation>
    </message>
</context>
<context>
    <name>updates</name>
    <message>
        <source>A new version waits until you are in a network without a data limit.</source>
        <translation>Eine neue Version wartet, bis du in einem Netz ohne begrenztes Datenvolumen bist.</translation>
    </message>
    <message>
        <source>Last looked for: {when}</source>
        <translation>Zuletzt gesucht: {when}</translation>
    </message>
    <message>
        <source>Looking for a new version…</source>
        <translation>Suche nach einer neuen Version…</translation>
    </message>
    <message>
        <source>Not looked for yet.</source>
        <translation>Noch nicht gesucht.</translation>
    </message>
    <message>
        <source>The download was cut short.</source>
        <translation>Der Download brach ab.</translation>
    </message>
    <message>
        <source>The download was too slow.</source>
        <translation>Der Download war zu langsam.</translation>
    </message>
    <message>
        <source>The new version could not be saved.</source>
        <translation>Die neue Version ließ sich nicht speichern.</translation>
    </message>
    <message>
        <source>The new version was downloaded, but could not be unpacked.</source>
        <translation>Die neue Version wurde geladen, ließ sich aber nicht entpacken.</translation>
    </message>
    <message>
        <source>The server could not be reached.</source>
        <translation>Der Server war nicht zu erreichen.</translation>
    </message>
    <message>
        <source>The server could not prove who it is, so nothing was taken from it.</source>
        <translation>Der Server konnte sich nicht ausweisen, darum wurde nichts von ihm geladen.</translation>
    </message>
    <message>
        <source>The server did not answer in time.</source>
        <translation>Der Server hat nicht rechtzeitig geantwortet.</translation>
    </message>
    <message>
        <source>The server gave an answer that cannot be used.</source>
        <translation>Mit der Antwort des Servers ließ sich nichts anfangen.</translation>
    </message>
    <message>
        <source>The server offered a version that does not come from the makers of this one. It was not downloaded.</source>
        <translation>Der Server bot eine Version an, die nicht von den Machern dieser hier stammt. Sie wurde nicht geladen.</translation>
    </message>
    <message>
        <source>The site of your account does not tell of new versions.</source>
        <translation>Die Seite deines Kontos sagt nichts über neue Versionen.</translation>
    </message>
    <message>
        <source>There is a new version, but none for this kind of computer.</source>
        <translation>Es gibt eine neue Version, aber keine für diese Art von Computer.</translation>
    </message>
    <message>
        <source>There is not enough room on the disk for the new version.</source>
        <translation>Auf der Festplatte ist nicht genug Platz für die neue Version.</translation>
    </message>
    <message>
        <source>This is the newest version.</source>
        <translation>Das ist die neueste Version.</translation>
    </message>
    <message>
        <source>Twocan {version} is ready for the next start.</source>
        <translation>Twocan {version} liegt für den nächsten Start bereit.</translation>
    </message>
    <message>
        <source>Version {version} is being downloaded…</source>
        <translation>Version {version} wird geladen…</translation>
    </message>
    <message>
        <source>Version {version} is being unpacked…</source>
        <translation>Version {version} wird entpackt…</translation>
    </message>
    <message>
        <source>Version {version} is out: it is downloaded when there is no call.</source>
        <translation>Version {version} ist da: Sie wird geladen, wenn kein Anruf läuft.</translation>
    </message>
    <message>
        <source>Version {version} is ready for the next start.</source>
        <translation>Version {version} liegt für den nächsten Start bereit.</translation>
    </message>
    <message>
        <source>What was downloaded is not the new version. It was thrown away.</source>
        <translation>Was geladen wurde, ist nicht die neue Version. Es wurde verworfen.</translation>
    </message>
</context>
<context>
    <name>words</name>
    <message>
        <source>A video call</source>
        <translation>Ein Videoanruf</translation>
    </message>
    <message>
        <source>Answered on another phone of yours</source>
        <translation>An einem anderen deiner Telefone angenommen</translation>
    </message>
    <message>
        <source>Bad</source>
        <translation>Schlecht</translation>
    </message>
    <message>
        <source>Call again in a moment.</source>
        <translation>Ruf gleich noch einmal an.</translation>
    </message>
    <message>
        <source>Call again. If it happens every time, update both programs.</source>
        <translation>Ruf noch einmal an. Passiert es jedes Mal, aktualisiert beide Programme.</translation>
    </message>
    <message>
        <source>Call back when you like.</source>
        <translation>Ruf zurück, wann du magst.</translation>
    </message>
    <message>
        <source>Check both, then try again.</source>
        <translation>Prüfe beides, und versuch es noch einmal.</translation>
    </message>
    <message>
        <source>Check your internet connection, or try again later.</source>
        <translation>Prüfe deine Internetverbindung, oder versuch es später noch einmal.</translation>
    </message>
    <message>
        <source>Check your internet connection, then try again.</source>
        <translation>Prüfe deine Internetverbindung, und versuch es noch einmal.</translation>
    </message>
    <message>
        <source>Check your network, then call again.</source>
        <translation>Prüfe dein Netz, und ruf dann noch einmal an.</translation>
    </message>
    <message>
        <source>Declined on another phone of yours</source>
        <translation>An einem anderen deiner Telefone abgelehnt</translation>
    </message>
    <message>
        <source>Do not disturb: calls do not ring</source>
        <translation>Nicht stören: Anrufe klingeln nicht</translation>
    </message>
    <message>
        <source>End the call first, then press the call button on the site again.</source>
        <translation>Beende erst den Anruf, und drücke dann noch einmal den Anrufknopf auf der Seite.</translation>
    </message>
    <message>
        <source>Fair</source>
        <translation>Okay</translation>
    </message>
    <message>
        <source>Good</source>
        <translation>Gut</translation>
    </message>
    <message>
        <source>It did not come with the keys that were promised: somebody may try to listen. Try another network, and compare the safety code in the next call.</source>
        <translation>Er kam nicht mit den versprochenen Schlüsseln: Vielleicht will jemand mithören. Probier ein anderes Netz, und vergleicht beim nächsten Anruf den Sicherheitscode.</translation>
    </message>
    <message>
        <source>It has to look like person@site.example.</source>
        <translation>Sie muss so aussehen: person@site.example.</translation>
    </message>
    <message>
        <source>It left without a word: it may have lost its network or its power. Call again in a moment.</source>
        <translation>Es war ohne ein Wort weg: Vielleicht hat es kein Netz oder keinen Strom mehr. Ruf gleich noch einmal an.</translation>
    </message>
    <message>
        <source>It may not be a good moment. Try again later.</source>
        <translation>Vielleicht passt es gerade nicht. Versuch es später noch einmal.</translation>
    </message>
    <message>
        <source>It rang there until the time was up. Try again later.</source>
        <translation>Es hat lange geklingelt. Versuch es später noch einmal.</translation>
    </message>
    <message>
        <source>It was nothing that you did. Call again in a moment.</source>
        <translation>Es lag nicht an dir. Ruf gleich noch einmal an.</translation>
    </message>
    <message>
        <source>No camera is chosen. Choose one in the settings.</source>
        <translation>Es ist keine Kamera ausgewählt. Wähle in den Einstellungen eine aus.</translation>
    </message>
    <message>
        <source>No phone rang: nobody has this address, or none of their phones is online. Check the address, or try again later.</source>
        <translation>Es hat nirgends geklingelt: Niemand hat diese Adresse, oder kein Telefon dort ist online. Prüfe die Adresse, oder versuch es später noch einmal.</translation>
    </message>
    <message>
        <source>Nobody is signed in</source>
        <translation>Niemand ist angemeldet</translation>
    </message>
    <message>
        <source>Offline, trying again by itself</source>
        <translation>Offline, verbindet sich von selbst neu</translation>
    </message>
    <message>
        <source>Poor</source>
        <translation>Mäßig</translation>
    </message>
    <message>
        <source>Press the call button on the site again.</source>
        <translation>Drücke noch einmal den Anrufknopf auf der Seite.</translation>
    </message>
    <message>
        <source>Press the call button on the site again: it brings you a new one.</source>
        <translation>Drücke noch einmal den Anrufknopf auf der Seite: Damit bekommst du eine neue.</translation>
    </message>
    <message>
        <source>Ready for calls</source>
        <translation>Bereit für Anrufe</translation>
    </message>
    <message>
        <source>Sign in again, then call {name}.</source>
        <translation>Melde dich neu an, und ruf dann {name} an.</translation>
    </message>
    <message>
        <source>Signing in…</source>
        <translation>Anmelden…</translation>
    </message>
    <message>
        <source>Sound does not reach this computer&apos;s devices. Install the plugins of ALSA.</source>
        <translation>Der Ton erreicht die Geräte dieses Computers nicht. Installiere die ALSA-Plugins.</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>Startet…</translation>
    </message>
    <message>
        <source>That did not work</source>
        <translation>Das hat nicht geklappt</translation>
    </message>
    <message>
        <source>The address and the password do not belong together</source>
        <translation>Adresse und Passwort passen nicht zusammen</translation>
    </message>
    <message>
        <source>The call is over: it does not ring any more</source>
        <translation>Der Anruf ist vorbei: Es klingelt nicht mehr</translation>
    </message>
    <message>
        <source>The call was not safe, so it was ended</source>
        <translation>Der Anruf war nicht sicher und wurde beendet</translation>
    </message>
    <message>
        <source>The call with {name} goes on there.</source>
        <translation>Das Gespräch mit {name} geht dort weiter.</translation>
    </message>
    <message>
        <source>The call with {name} is over</source>
        <translation>Der Anruf mit {name} ist vorbei</translation>
    </message>
    <message>
        <source>The camera cannot be used ({detail}). Choose another one.</source>
        <translation>Die Kamera lässt sich nicht benutzen ({detail}). Wähle eine andere.</translation>
    </message>
    <message>
        <source>The connection is not safe, so nothing was sent</source>
        <translation>Die Verbindung ist nicht sicher, darum wurde nichts gesendet</translation>
    </message>
    <message>
        <source>The connection to {name} was lost</source>
        <translation>Die Verbindung zu {name} ist abgerissen</translation>
    </message>
    <message>
        <source>The link is for another account than the one in this call</source>
        <translation>Der Link gehört zu einem anderen Konto als dieser Anruf</translation>
    </message>
    <message>
        <source>The microphone stopped ({detail}). Try it again.</source>
        <translation>Das Mikrofon hat aufgehört ({detail}). Versuch es noch einmal.</translation>
    </message>
    <message>
        <source>The phone of {name} is gone</source>
        <translation>Das Telefon von {name} ist verschwunden</translation>
    </message>
    <message>
        <source>The pictures of {device} cannot be read. Unplug it and plug it in again, or choose another camera.</source>
        <translation>Das Bild von {device} ist nicht lesbar. Zieh sie ab und schließ sie wieder an, oder wähle eine andere Kamera.</translation>
    </message>
    <message>
        <source>The program of {name} failed</source>
        <translation>Das Programm von {name} ist ausgefallen</translation>
    </message>
    <message>
        <source>The ring volume is zero. Turn it up.</source>
        <translation>Die Klingellautstärke ist null. Stell sie höher.</translation>
    </message>
    <message>
        <source>The screen cannot be shared: {detail}</source>
        <translation>Der Bildschirm lässt sich nicht teilen: {detail}</translation>
    </message>
    <message>
        <source>The server does not let this account in</source>
        <translation>Der Server lässt dieses Konto nicht herein</translation>
    </message>
    <message>
        <source>The site does not answer</source>
        <translation>Die Seite antwortet nicht</translation>
    </message>
    <message>
        <source>The site does not connect these two addresses. Ask it why.</source>
        <translation>Die Seite verbindet diese beiden Adressen nicht. Frag dort nach, warum.</translation>
    </message>
    <message>
        <source>The sound of this computer does not answer. Log in again, or restart it.</source>
        <translation>Der Ton dieses Computers antwortet nicht. Melde dich am Computer neu an, oder starte ihn neu.</translation>
    </message>
    <message>
        <source>The sound stopped by a mistake of Twocan. Try it again.</source>
        <translation>Der Ton brach durch einen Fehler von Twocan ab. Versuch es noch einmal.</translation>
    </message>
    <message>
        <source>The speaker stopped ({detail}). Try it again.</source>
        <translation>Der Lautsprecher hat aufgehört ({detail}). Versuch es noch einmal.</translation>
    </message>
    <message>
        <source>The window {device} is minimised. Show it again.</source>
        <translation>Das Fenster {device} ist minimiert. Hol es wieder hervor.</translation>
    </message>
    <message>
        <source>The window {device} was closed. Share another one.</source>
        <translation>Das Fenster {device} wurde geschlossen. Teile ein anderes.</translation>
    </message>
    <message>
        <source>There is no camera {device}. Plug it in, or choose another one in the settings.</source>
        <translation>Die Kamera {device} gibt es hier nicht. Schließ sie an, oder wähle in den Einstellungen eine andere.</translation>
    </message>
    <message>
        <source>There is no camera. Plug one in.</source>
        <translation>Es gibt keine Kamera. Schließ eine an.</translation>
    </message>
    <message>
        <source>There is no microphone {device}. Plug it in, or choose another one in the settings.</source>
        <translation>Das Mikrofon {device} gibt es hier nicht. Schließ es an, oder wähle in den Einstellungen ein anderes.</translation>
    </message>
    <message>
        <source>There is no microphone. Plug one in.</source>
        <translation>Es gibt kein Mikrofon. Schließ eines an.</translation>
    </message>
    <message>
        <source>There is no screen that can be shared.</source>
        <translation>Es gibt keinen Bildschirm, den du teilen kannst.</translation>
    </message>
    <message>
        <source>There is no speaker {device}. Plug it in, or choose another one in the settings.</source>
        <translation>Den Lautsprecher {device} gibt es hier nicht. Schließ ihn an, oder wähle in den Einstellungen einen anderen.</translation>
    </message>
    <message>
        <source>There is no speaker. Plug in a speaker or headphones.</source>
        <translation>Es gibt keinen Lautsprecher. Schließ einen Lautsprecher oder Kopfhörer an.</translation>
    </message>
    <message>
        <source>There is no way to the server</source>
        <translation>Der Server ist nicht erreichbar</translation>
    </message>
    <message>
        <source>There was no way through to {name}</source>
        <translation>Es gab keinen Weg zu {name}</translation>
    </message>
    <message>
        <source>They have no kind of sound in common. Update both programs, then call again.</source>
        <translation>Sie haben kein gemeinsames Tonformat. Aktualisiert beide Programme, und ruf dann noch einmal an.</translation>
    </message>
    <message>
        <source>This computer does not have this account&apos;s password any more</source>
        <translation>Dieser Computer hat das Passwort dieses Kontos nicht mehr</translation>
    </message>
    <message>
        <source>This computer does not say which cameras there are: {detail}</source>
        <translation>Dieser Computer verrät nicht, welche Kameras es gibt: {detail}</translation>
    </message>
    <message>
        <source>This computer keeps {device} from your account. Add the account to the group &apos;video&apos;, then log in again.</source>
        <translation>Dieser Computer gibt {device} für dein Benutzerkonto nicht frei. Füge es der Gruppe „video“ hinzu und melde dich neu am Computer an.</translation>
    </message>
    <message>
        <source>This is no link for a call, or a part of it is missing</source>
        <translation>Das ist kein Link für einen Anruf, oder ein Teil davon fehlt</translation>
    </message>
    <message>
        <source>This is not an address</source>
        <translation>Das ist keine Adresse</translation>
    </message>
    <message>
        <source>This link was used before, or is too old</source>
        <translation>Dieser Link wurde schon benutzt oder ist zu alt</translation>
    </message>
    <message>
        <source>This program made a mistake</source>
        <translation>Dieses Programm hat einen Fehler gemacht</translation>
    </message>
    <message>
        <source>This sign-in is over</source>
        <translation>Diese Anmeldung ist abgelaufen</translation>
    </message>
    <message>
        <source>Try again in a moment.</source>
        <translation>Versuch es gleich noch einmal.</translation>
    </message>
    <message>
        <source>Try again in a while.</source>
        <translation>Versuch es nachher noch einmal.</translation>
    </message>
    <message>
        <source>Twocan was installed without what cameras need. Install it again.</source>
        <translation>Twocan wurde ohne die Teile für Kameras installiert. Installiere es neu.</translation>
    </message>
    <message>
        <source>Twocan was installed without what sharing the screen needs. Install it again.</source>
        <translation>Twocan wurde ohne die Teile zum Teilen des Bildschirms installiert. Installiere es neu.</translation>
    </message>
    <message>
        <source>Twocan was installed without what sound devices need. Install it again.</source>
        <translation>Twocan wurde ohne die Teile für Tongeräte installiert. Installiere es neu.</translation>
    </message>
    <message>
        <source>Type it once more, or press the call button on the site again.</source>
        <translation>Gib es noch einmal ein, oder drücke den Anrufknopf auf der Seite.</translation>
    </message>
    <message>
        <source>Wayland does not let Twocan share the screen. Log in to an X11 session.</source>
        <translation>Unter Wayland kann Twocan den Bildschirm nicht teilen. Melde dich in einer X11-Sitzung an.</translation>
    </message>
    <message>
        <source>Whoever answered cannot prove to be the right server. Try another network, or ask the site.</source>
        <translation>Wer antwortet, kann nicht beweisen, der richtige Server zu sein. Probier ein anderes Netz, oder frag bei der Seite nach.</translation>
    </message>
    <message>
        <source>Whoever called gave up, or you took it on another device. Call back when you like.</source>
        <translation>Wer anrief, hat aufgelegt, oder du hast den Anruf auf einem anderen Gerät angenommen. Ruf zurück, wann du magst.</translation>
    </message>
    <message>
        <source>Windows keeps the camera from Twocan. Allow desktop apps to use it in Settings, Privacy &amp; security, Camera.</source>
        <translation>Windows lässt Twocan nicht an die Kamera. Erlaube Desktop-Apps den Zugriff unter Einstellungen, Datenschutz und Sicherheit, Kamera.</translation>
    </message>
    <message>
        <source>Yesterday, {time}</source>
        <translation>Gestern, {time}</translation>
    </message>
    <message>
        <source>You and {name} may not call each other</source>
        <translation>Du und {name} dürft euch nicht anrufen</translation>
    </message>
    <message>
        <source>You and {name} went on in a newer call</source>
        <translation>Du und {name} sprecht in einem neueren Anruf weiter</translation>
    </message>
    <message>
        <source>You are in a call. Try it again when it is over.</source>
        <translation>Du bist in einem Anruf. Versuch es danach noch einmal.</translation>
    </message>
    <message>
        <source>You both agreed to talk, but a network in between does not let calls pass. Call again, or try another network.</source>
        <translation>Ihr wolltet beide sprechen, aber ein Netz dazwischen lässt keine Anrufe durch. Ruf noch einmal an, oder probier ein anderes Netz.</translation>
    </message>
    <message>
        <source>You declined the call</source>
        <translation>Du hast den Anruf abgelehnt</translation>
    </message>
    <message>
        <source>You gave up before {name} answered</source>
        <translation>Du hast aufgelegt, bevor {name} annahm</translation>
    </message>
    <message>
        <source>You hung up</source>
        <translation>Du hast aufgelegt</translation>
    </message>
    <message>
        <source>You hung up before the call was connected</source>
        <translation>Du hast aufgelegt, bevor die Verbindung stand</translation>
    </message>
    <message>
        <source>You missed a call from {name}</source>
        <translation>Du hast einen Anruf von {name} verpasst</translation>
    </message>
    <message>
        <source>You were signed out before the call began</source>
        <translation>Du wurdest abgemeldet, bevor der Anruf begann</translation>
    </message>
    <message>
        <source>Your microphone hears nothing at all. It may be muted, or Twocan may not use it.</source>
        <translation>Dein Mikrofon hört überhaupt nichts. Vielleicht ist es stumm, oder Twocan darf es nicht benutzen.</translation>
    </message>
    <message>
        <source>Your phone and that of {name} do not understand each other</source>
        <translation>Dein Telefon und das von {name} verstehen sich nicht</translation>
    </message>
    <message>
        <source>Your phone and that of {name} misunderstood each other</source>
        <translation>Dein Telefon und das von {name} haben sich missverstanden</translation>
    </message>
    <message>
        <source>macOS asks whether Twocan may use the camera. Allow it.</source>
        <translation>macOS fragt, ob Twocan die Kamera benutzen darf. Erlaube es.</translation>
    </message>
    <message>
        <source>macOS keeps the camera from Twocan. Allow it in System Settings, Privacy &amp; Security, Camera.</source>
        <translation>macOS lässt Twocan nicht an die Kamera. Erlaube es unter Systemeinstellungen, Datenschutz &amp; Sicherheit, Kamera.</translation>
    </message>
    <message>
        <source>{day}, {time}</source>
        <translation>{day}, {time}</translation>
    </message>
    <message>
        <source>{device} could be several cameras. Choose one in the settings.</source>
        <translation>{device} trifft auf mehrere Kameras zu. Wähle in den Einstellungen eine aus.</translation>
    </message>
    <message>
        <source>{device} could be several devices. Choose one in the settings.</source>
        <translation>{device} trifft auf mehrere Geräte zu. Wähle in den Einstellungen eines aus.</translation>
    </message>
    <message>
        <source>{device} does not open ({detail}). Close the other program that uses it, or choose another device.</source>
        <translation>{device} lässt sich nicht öffnen ({detail}). Schließ das andere Programm, das es benutzt, oder wähle ein anderes Gerät.</translation>
    </message>
    <message>
        <source>{device} does not open. Close the other program that uses it.</source>
        <translation>{device} lässt sich nicht öffnen. Schließ das andere Programm, das sie benutzt.</translation>
    </message>
    <message>
        <source>{device} failed ({detail}). Unplug it, or choose another camera.</source>
        <translation>{device} ist ausgefallen ({detail}). Zieh sie ab, oder wähle eine andere Kamera.</translation>
    </message>
    <message>
        <source>{device} gives no pictures. Unplug it and plug it in again.</source>
        <translation>{device} liefert kein Bild. Zieh sie ab und schließ sie wieder an.</translation>
    </message>
    <message>
        <source>{device} is unplugged. Plug it in again, or choose another camera.</source>
        <translation>{device} ist nicht mehr angeschlossen. Schließ sie wieder an, oder wähle eine andere Kamera.</translation>
    </message>
    <message>
        <source>{device} takes long to open. Unplug it and plug it in again.</source>
        <translation>{device} braucht lange zum Öffnen. Zieh sie ab und schließ sie wieder an.</translation>
    </message>
    <message>
        <source>{name} called while you were in another call</source>
        <translation>{name} rief an, während du im Gespräch warst</translation>
    </message>
    <message>
        <source>{name} cannot be reached</source>
        <translation>{name} ist nicht erreichbar</translation>
    </message>
    <message>
        <source>{name} declined the call</source>
        <translation>{name} hat den Anruf abgelehnt</translation>
    </message>
    <message>
        <source>{name} did not answer</source>
        <translation>{name} hat nicht abgenommen</translation>
    </message>
    <message>
        <source>{name} gave up before you answered</source>
        <translation>{name} hat aufgelegt, bevor du annahmst</translation>
    </message>
    <message>
        <source>{name} hung up</source>
        <translation>{name} hat aufgelegt</translation>
    </message>
    <message>
        <source>{name} hung up before the call was connected</source>
        <translation>{name} hat aufgelegt, bevor die Verbindung stand</translation>
    </message>
    <message>
        <source>{name} is in another call</source>
        <translation>{name} ist in einem anderen Gespräch</translation>
    </message>
</context>
</TS>
