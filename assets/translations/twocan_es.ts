<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es_ES" sourcelanguage="en">
<context>
    <name>AboutPage</name>
    <message>
        <source>A phone that is only the call.</source>
        <translation>Un teléfono que es solo la llamada.</translation>
    </message>
    <message>
        <source>Copied. There are no addresses in it.</source>
        <translation>Copiado. No contiene ninguna dirección.</translation>
    </message>
    <message>
        <source>Copy technical details</source>
        <translation>Copiar los datos técnicos</translation>
    </message>
    <message>
        <source>Decline it, or go back</source>
        <translation>Rechazar o volver</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Atajos de teclado</translation>
    </message>
    <message>
        <source>Licence: {licence}</source>
        <translation>Licencia: {licence}</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Salir</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Ajustes</translation>
    </message>
    <message>
        <source>Take a call that rings</source>
        <translation>Contestar una llamada</translation>
    </message>
    <message>
        <source>Take it with your camera</source>
        <translation>Contestar con cámara</translation>
    </message>
    <message>
        <source>Version {version}</source>
        <translation>Versión {version}</translation>
    </message>
</context>
<context>
    <name>AccountForm</name>
    <message>
        <source>A port is a number from 1 to 65535.</source>
        <translation>Un puerto es un número del 1 al 65535.</translation>
    </message>
    <message>
        <source>Add an account</source>
        <translation>Añadir una cuenta</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Dirección</translation>
    </message>
    <message>
        <source>Found by the address</source>
        <translation>Se deduce de la dirección</translation>
    </message>
    <message>
        <source>Name the server myself</source>
        <translation>Indicar el servidor</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Contraseña</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>Puerto</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>Servidor</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>Iniciar sesión</translation>
    </message>
    <message>
        <source>The password is kept in {store}.</source>
        <translation>La contraseña se guarda en {store}.</translation>
    </message>
    <message>
        <source>This computer has no place for secrets that Twocan can use. The account is known until Twocan is closed; the next time you sign in again.</source>
        <translation>Este equipo no tiene un lugar seguro para contraseñas que Twocan pueda usar. La cuenta se recuerda hasta que se cierre Twocan; la próxima vez tendrás que iniciar sesión de nuevo.</translation>
    </message>
    <message>
        <source>Type your address.</source>
        <translation>Escribe tu dirección.</translation>
    </message>
    <message>
        <source>Type your password.</source>
        <translation>Escribe tu contraseña.</translation>
    </message>
</context>
<context>
    <name>AccountRow</name>
    <message>
        <source>Came with a link of {site}</source>
        <translation>Llegó con un enlace de {site}</translation>
    </message>
    <message>
        <source>In use: {standing}</source>
        <translation>Activa: {standing}</translation>
    </message>
    <message>
        <source>In {store}</source>
        <translation>En {store}</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Conservar</translation>
    </message>
    <message>
        <source>Known only until Twocan is closed</source>
        <translation>Solo se recuerda hasta cerrar Twocan</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation>Cerrar sesión</translation>
    </message>
    <message>
        <source>Sign out and forget {address}?</source>
        <translation>¿Cerrar sesión y olvidar {address}?</translation>
    </message>
    <message>
        <source>Sign out {address}</source>
        <translation>Cerrar sesión de {address}</translation>
    </message>
    <message>
        <source>Sign out…</source>
        <translation>Cerrar sesión…</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Usar</translation>
    </message>
    <message>
        <source>Use {address}</source>
        <translation>Usar {address}</translation>
    </message>
</context>
<context>
    <name>AccountsPage</name>
    <message>
        <source>Accounts can be changed when the call is over.</source>
        <translation>Podrás cambiar las cuentas cuando termine la llamada.</translation>
    </message>
</context>
<context>
    <name>Around</name>
    <message>
        <source>Twocan is still here</source>
        <translation>Twocan sigue aquí</translation>
    </message>
    <message>
        <source>You can be called while the window is closed. Quit from the tray menu.</source>
        <translation>Pueden llamarte aunque la ventana esté cerrada. Para salir, usa el menú de la bandeja.</translation>
    </message>
    <message>
        <source>You can be called while the window is put away. Ctrl+Q quits.</source>
        <translation>Pueden llamarte aunque la ventana esté minimizada. Con Ctrl+Q se sale.</translation>
    </message>
</context>
<context>
    <name>Callee</name>
    <message>
        <source>Call</source>
        <translation>Llamar</translation>
    </message>
    <message>
        <source>Call with camera</source>
        <translation>Llamar con cámara</translation>
    </message>
    <message>
        <source>This is not an address. It has to look like person@site.example.</source>
        <translation>Eso no es una dirección. Tiene que ser como persona@sitio.example.</translation>
    </message>
    <message>
        <source>This is your own address.</source>
        <translation>Esa es tu propia dirección.</translation>
    </message>
    <message>
        <source>Type an address, or paste a link.</source>
        <translation>Escribe una dirección o pega un enlace.</translation>
    </message>
    <message>
        <source>Who do you want to call?</source>
        <translation>¿A quién quieres llamar?</translation>
    </message>
    <message>
        <source>person@site.example</source>
        <translation>persona@sitio.example</translation>
    </message>
</context>
<context>
    <name>CallingView</name>
    <message>
        <source>Calling</source>
        <translation>Llamada saliente</translation>
    </message>
    <message>
        <source>Calling {name}</source>
        <translation>Llamando a {name}</translation>
    </message>
    <message>
        <source>Calling…</source>
        <translation>Llamando…</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Cámara</translation>
    </message>
    <message>
        <source>Connecting with {name}</source>
        <translation>Conectando con {name}</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>Conectando…</translation>
    </message>
    <message>
        <source>End</source>
        <translation>Colgar</translation>
    </message>
    <message>
        <source>It rings at {name}</source>
        <translation>Está sonando para {name}</translation>
    </message>
    <message>
        <source>It rings there</source>
        <translation>Está sonando</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>Silenciar</translation>
    </message>
</context>
<context>
    <name>CameraPage</name>
    <message>
        <source>Camera</source>
        <translation>Cámara</translation>
    </message>
    <message>
        <source>No camera</source>
        <translation>Sin cámara</translation>
    </message>
    <message>
        <source>What your camera sees</source>
        <translation>Lo que ve tu cámara</translation>
    </message>
    <message>
        <source>Without a camera, others hear you and do not see you.</source>
        <translation>Sin cámara, los demás te oyen pero no te ven.</translation>
    </message>
    <message>
        <source>Your picture is shown here when the call is over.</source>
        <translation>Tu imagen se verá aquí cuando termine la llamada.</translation>
    </message>
</context>
<context>
    <name>Clearing</name>
    <message>
        <source>Keep them</source>
        <translation>Conservarlas</translation>
    </message>
    <message>
        <source>Remove all</source>
        <translation>Quitar todas</translation>
    </message>
    <message>
        <source>Remove all calls from this list? This cannot be undone.</source>
        <translation>¿Quitar todas las llamadas de esta lista? No se puede deshacer.</translation>
    </message>
</context>
<context>
    <name>ControlBar</name>
    <message>
        <source>Camera</source>
        <translation>Cámara</translation>
    </message>
    <message>
        <source>Controls of the call</source>
        <translation>Controles de la llamada</translation>
    </message>
    <message>
        <source>Hang up</source>
        <translation>Colgar</translation>
    </message>
    <message>
        <source>Hold</source>
        <translation>En espera</translation>
    </message>
    <message>
        <source>Keypad</source>
        <translation>Teclado</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Más</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>Silenciar</translation>
    </message>
</context>
<context>
    <name>DeviceChoice</name>
    <message>
        <source>System default</source>
        <translation>Predeterminado del sistema</translation>
    </message>
    <message>
        <source>{device} (not plugged in)</source>
        <translation>{device} (no conectado)</translation>
    </message>
</context>
<context>
    <name>DeviceMenu</name>
    <message>
        <source>Camera</source>
        <translation>Cámara</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Dispositivos</translation>
    </message>
    <message>
        <source>How loud your microphone is</source>
        <translation>Volumen de tu micrófono</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Micrófono</translation>
    </message>
    <message>
        <source>No camera</source>
        <translation>Sin cámara</translation>
    </message>
    <message>
        <source>Speaker</source>
        <translation>Altavoz</translation>
    </message>
    <message>
        <source>The one that the system uses</source>
        <translation>El que usa el sistema</translation>
    </message>
</context>
<context>
    <name>EndedView</name>
    <message>
        <source>Call again</source>
        <translation>Volver a llamar</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Listo</translation>
    </message>
    <message>
        <source>With the camera</source>
        <translation>Con cámara</translation>
    </message>
    <message>
        <source>You talked for {duration}</source>
        <translation>Duración: {duration}</translation>
    </message>
    <message>
        <source>Your camera was not seen. {reason}</source>
        <translation>Tu cámara no se vio. {reason}</translation>
    </message>
</context>
<context>
    <name>Face</name>
    <message>
        <source>Twocan cannot start: {why}</source>
        <translation>Twocan no puede iniciarse: {why}</translation>
    </message>
</context>
<context>
    <name>Folders</name>
    <message>
        <source>History</source>
        <translation>Historial</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Ajustes</translation>
    </message>
    <message>
        <source>Where things are</source>
        <translation>Dónde está todo</translation>
    </message>
</context>
<context>
    <name>GeneralPage</name>
    <message>
        <source>As the system</source>
        <translation>Como el sistema</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Idioma</translation>
    </message>
</context>
<context>
    <name>Heading</name>
    <message>
        <source>Full screen</source>
        <translation>Pantalla completa</translation>
    </message>
    <message>
        <source>It is not known yet how good the call is</source>
        <translation>Aún no se sabe la calidad de la llamada</translation>
    </message>
    <message>
        <source>Leave full screen</source>
        <translation>Salir de pantalla completa</translation>
    </message>
    <message>
        <source>Quality of the call: {quality}</source>
        <translation>Calidad de la llamada: {quality}</translation>
    </message>
    <message>
        <source>Safety code</source>
        <translation>Código de seguridad</translation>
    </message>
</context>
<context>
    <name>HeldCall</name>
    <message>
        <source>Hang up</source>
        <translation>Colgar</translation>
    </message>
    <message>
        <source>Hang up on {name}</source>
        <translation>Colgar a {name}</translation>
    </message>
    <message>
        <source>Swap</source>
        <translation>Cambiar</translation>
    </message>
    <message>
        <source>Talk with {name}, and put the other one on hold</source>
        <translation>Hablar con {name} y dejar la otra llamada en espera</translation>
    </message>
    <message>
        <source>{name} is on hold</source>
        <translation>{name} está en espera</translation>
    </message>
</context>
<context>
    <name>History</name>
    <message numerus="yes">
        <source>%n call(s), kept on this computer only.</source>
        <translation>
            <numerusform>%n llamada, guardada solo en este equipo.</numerusform>
            <numerusform>%n llamadas, guardadas solo en este equipo.</numerusform>
        </translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Borrar</translation>
    </message>
    <message>
        <source>Clear the history</source>
        <translation>Borrar el historial</translation>
    </message>
    <message>
        <source>Clear…</source>
        <translation>Borrar…</translation>
    </message>
    <message numerus="yes">
        <source>Forget %n call(s)? This cannot be undone.</source>
        <translation>
            <numerusform>¿Olvidar %n llamada? No se puede deshacer.</numerusform>
            <numerusform>¿Olvidar %n llamadas? No se puede deshacer.</numerusform>
        </translation>
    </message>
    <message>
        <source>History</source>
        <translation>Historial</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Conservar</translation>
    </message>
    <message>
        <source>There are no calls in it.</source>
        <translation>No contiene llamadas.</translation>
    </message>
</context>
<context>
    <name>IdleView</name>
    <message numerus="yes">
        <source>%n missed call(s)</source>
        <translation>
            <numerusform>%n llamada perdida</numerusform>
            <numerusform>%n llamadas perdidas</numerusform>
        </translation>
    </message>
    <message>
        <source>OK</source>
        <translation>Aceptar</translation>
    </message>
    <message>
        <source>Recent calls</source>
        <translation>Llamadas recientes</translation>
    </message>
    <message>
        <source>Restart Twocan</source>
        <translation>Reiniciar Twocan</translation>
    </message>
    <message>
        <source>Sign in again</source>
        <translation>Iniciar sesión de nuevo</translation>
    </message>
    <message>
        <source>Try now</source>
        <translation>Reintentar</translation>
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
        <translation>Dispositivos</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Pantalla completa</translation>
    </message>
    <message>
        <source>Hold</source>
        <translation>Poner en espera</translation>
    </message>
    <message>
        <source>How the call goes</source>
        <translation>Cómo va la llamada</translation>
    </message>
    <message>
        <source>Keypad</source>
        <translation>Teclado</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Atajos de teclado</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Reanudar</translation>
    </message>
    <message>
        <source>Safety code</source>
        <translation>Código de seguridad</translation>
    </message>
    <message>
        <source>Share the screen</source>
        <translation>Compartir pantalla</translation>
    </message>
    <message>
        <source>Show my picture</source>
        <translation>Mostrar mi imagen</translation>
    </message>
</context>
<context>
    <name>IncomingView</name>
    <message>
        <source>Answer</source>
        <translation>Contestar</translation>
    </message>
    <message>
        <source>Decline</source>
        <translation>Rechazar</translation>
    </message>
    <message>
        <source>Incoming call</source>
        <translation>Llamada entrante</translation>
    </message>
    <message>
        <source>With camera</source>
        <translation>Con cámara</translation>
    </message>
    <message>
        <source>calls you from {site}</source>
        <translation>te llama desde {site}</translation>
    </message>
    <message>
        <source>calls you from {site}, with camera</source>
        <translation>te llama desde {site}, con cámara</translation>
    </message>
    <message>
        <source>{name} calls</source>
        <translation>{name} llama</translation>
    </message>
</context>
<context>
    <name>Kept</name>
    <message>
        <source>Or with another address</source>
        <translation>O con otra dirección</translation>
    </message>
    <message>
        <source>Sign in again as</source>
        <translation>Volver a entrar como</translation>
    </message>
</context>
<context>
    <name>KeyList</name>
    <message>
        <source>Keys</source>
        <translation>Atajos de teclado</translation>
    </message>
</context>
<context>
    <name>Keypad</name>
    <message>
        <source>Hash</source>
        <translation>Almohadilla</translation>
    </message>
    <message>
        <source>Keypad</source>
        <translation>Teclado</translation>
    </message>
    <message>
        <source>Pressed keys: {keys}</source>
        <translation>Teclas pulsadas: {keys}</translation>
    </message>
    <message>
        <source>Star</source>
        <translation>Asterisco</translation>
    </message>
</context>
<context>
    <name>KnockingCall</name>
    <message>
        <source>Answer</source>
        <translation>Contestar</translation>
    </message>
    <message>
        <source>Answer with camera</source>
        <translation>Contestar con cámara</translation>
    </message>
    <message>
        <source>Decline</source>
        <translation>Rechazar</translation>
    </message>
    <message>
        <source>From {site}. If you answer, this call is given up.</source>
        <translation>Desde {site}. Si contestas, esta llamada se termina.</translation>
    </message>
    <message>
        <source>From {site}. If you answer, this call is put on hold.</source>
        <translation>Desde {site}. Si contestas, esta llamada queda en espera.</translation>
    </message>
    <message>
        <source>{name} calls</source>
        <translation>{name} llama</translation>
    </message>
    <message>
        <source>{name} calls, with camera</source>
        <translation>{name} llama con cámara</translation>
    </message>
</context>
<context>
    <name>Me</name>
    <message>
        <source>Do not disturb</source>
        <translation>No molestar</translation>
    </message>
    <message>
        <source>Do not disturb is on</source>
        <translation>«No molestar» está activado</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Ajustes</translation>
    </message>
</context>
<context>
    <name>Microphone</name>
    <message>
        <source>Five seconds are recorded, then played to you.</source>
        <translation>Se graban cinco segundos y luego los oyes.</translation>
    </message>
    <message>
        <source>Hear yourself</source>
        <translation>Escúchate</translation>
    </message>
    <message>
        <source>How far the recording is</source>
        <translation>Progreso de la grabación</translation>
    </message>
    <message>
        <source>How loud your microphone is</source>
        <translation>Volumen de tu micrófono</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Micrófono</translation>
    </message>
    <message numerus="yes">
        <source>Say something. %n second(s) are left.</source>
        <translation>
            <numerusform>Di algo. Queda %n segundo.</numerusform>
            <numerusform>Di algo. Quedan %n segundos.</numerusform>
        </translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Parar</translation>
    </message>
    <message>
        <source>This is how others hear you.</source>
        <translation>Así te oyen los demás.</translation>
    </message>
</context>
<context>
    <name>Nothing</name>
    <message>
        <source>No calls yet</source>
        <translation>Aún no hay llamadas</translation>
    </message>
    <message>
        <source>Type an address above, or press the call button beside somebody on a site. Whoever calls you is listed here as well.</source>
        <translation>Escribe una dirección arriba o pulsa el botón de llamada junto a alguien en un sitio. Aquí verás también quién te llama.</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message numerus="yes">
        <source>%n missed call(s)</source>
        <translation>
            <numerusform>%n llamada perdida</numerusform>
            <numerusform>%n llamadas perdidas</numerusform>
        </translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>Contestar</translation>
    </message>
    <message>
        <source>Accept with camera</source>
        <translation>Contestar con cámara</translation>
    </message>
    <message>
        <source>Call back</source>
        <translation>Devolver la llamada</translation>
    </message>
    <message>
        <source>Call from {site}</source>
        <translation>Llamada desde {site}</translation>
    </message>
    <message>
        <source>Decline</source>
        <translation>Rechazar</translation>
    </message>
    <message>
        <source>From {names}</source>
        <translation>De {names}</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Abrir</translation>
    </message>
    <message>
        <source>Video call from {site}</source>
        <translation>Videollamada desde {site}</translation>
    </message>
    <message>
        <source>{name} is calling</source>
        <translation>{name} te llama</translation>
    </message>
</context>
<context>
    <name>OlderQuestion</name>
    <message>
        <source>A newer Twocan is installed</source>
        <translation>Ya hay un Twocan más nuevo instalado</translation>
    </message>
    <message>
        <source>Go back to {mine}</source>
        <translation>Volver a la {mine}</translation>
    </message>
    <message>
        <source>This download is version {mine}.
Version {current} is installed.</source>
        <translation>Esta descarga es la versión {mine}.
Está instalada la versión {current}.</translation>
    </message>
    <message>
        <source>Use version {current}</source>
        <translation>Usar la versión {current}</translation>
    </message>
</context>
<context>
    <name>Overlay</name>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
</context>
<context>
    <name>OwnPicture</name>
    <message>
        <source>Hide my picture</source>
        <translation>Ocultar mi imagen</translation>
    </message>
    <message>
        <source>The arrow keys move it to another corner.</source>
        <translation>Las flechas la mueven a otra esquina.</translation>
    </message>
    <message>
        <source>Your own picture</source>
        <translation>Tu propia imagen</translation>
    </message>
</context>
<context>
    <name>Password</name>
    <message>
        <source>Hide the password</source>
        <translation>Ocultar la contraseña</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Contraseña</translation>
    </message>
    <message>
        <source>Show the password</source>
        <translation>Mostrar la contraseña</translation>
    </message>
    <message>
        <source>Type the password.</source>
        <translation>Escribe la contraseña.</translation>
    </message>
</context>
<context>
    <name>PastList</name>
    <message>
        <source>Call</source>
        <translation>Llamar</translation>
    </message>
    <message>
        <source>Call with camera</source>
        <translation>Llamar con cámara</translation>
    </message>
    <message>
        <source>Clear history…</source>
        <translation>Borrar el historial…</translation>
    </message>
    <message>
        <source>Copy address</source>
        <translation>Copiar la dirección</translation>
    </message>
    <message>
        <source>Enter calls back, Ctrl+Enter calls back with the camera.</source>
        <translation>Intro devuelve la llamada; Ctrl+Intro, con cámara.</translation>
    </message>
    <message>
        <source>Recent calls</source>
        <translation>Llamadas recientes</translation>
    </message>
</context>
<context>
    <name>PastModel</name>
    <message>
        <source>Declined</source>
        <translation>Rechazada</translation>
    </message>
    <message>
        <source>Missed</source>
        <translation>Perdida</translation>
    </message>
    <message>
        <source>Missed call from {name}, {when}</source>
        <translation>Llamada perdida de {name}, {when}</translation>
    </message>
    <message>
        <source>Not reached</source>
        <translation>Sin respuesta</translation>
    </message>
    <message>
        <source>You called {name}, {when}: {outcome}</source>
        <translation>Llamaste a {name}, {when}: {outcome}</translation>
    </message>
    <message>
        <source>{name} called you, {when}: {outcome}</source>
        <translation>{name} te llamó, {when}: {outcome}</translation>
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
        <translation>Reanudar</translation>
    </message>
</context>
<context>
    <name>PickingUp</name>
    <message>
        <source>Answering {name}…</source>
        <translation>Contestando a {name}…</translation>
    </message>
    <message>
        <source>Don&apos;t answer</source>
        <translation>No contestar</translation>
    </message>
    <message>
        <source>You are signed in first. If it still rings then, it is answered.</source>
        <translation>Primero se inicia tu sesión. Si sigue sonando, se contesta.</translation>
    </message>
</context>
<context>
    <name>Presence</name>
    <message>
        <source>Being called</source>
        <translation>Recibir llamadas</translation>
    </message>
    <message>
        <source>Calls do not ring. You see later who called.</source>
        <translation>Las llamadas no suenan. Luego verás quién llamó.</translation>
    </message>
    <message>
        <source>Do not disturb</source>
        <translation>No molestar</translation>
    </message>
    <message>
        <source>Start at log-in</source>
        <translation>Abrir al iniciar sesión</translation>
    </message>
    <message>
        <source>The start at log-in could not be set: {why}</source>
        <translation>No se pudo ajustar el inicio automático: {why}</translation>
    </message>
    <message>
        <source>You can be called as soon as you have logged in.</source>
        <translation>Pueden llamarte en cuanto entras en el equipo.</translation>
    </message>
</context>
<context>
    <name>Question</name>
    <message>
        <source>Always allow calls from this site</source>
        <translation>Permitir siempre las llamadas de este sitio</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Contestar</translation>
    </message>
    <message>
        <source>Answer with camera</source>
        <translation>Contestar con cámara</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>Llamar</translation>
    </message>
    <message>
        <source>Call this address?</source>
        <translation>¿Llamar a esta dirección?</translation>
    </message>
    <message>
        <source>Call with camera</source>
        <translation>Llamar con cámara</translation>
    </message>
    <message>
        <source>Call {name}?</source>
        <translation>¿Llamar a {name}?</translation>
    </message>
    <message>
        <source>Don&apos;t call</source>
        <translation>No llamar</translation>
    </message>
    <message>
        <source>Its links then call without asking. You can take that back in the settings.</source>
        <translation>Sus enlaces llamarán sin preguntar. Puedes cambiarlo en los ajustes.</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Ahora no</translation>
    </message>
    <message>
        <source>Somebody is calling. Answer?</source>
        <translation>Alguien llama. ¿Contestar?</translation>
    </message>
    <message>
        <source>The site says: {reason}</source>
        <translation>El sitio dice: {reason}</translation>
    </message>
    <message>
        <source>You answer as {caller}.</source>
        <translation>Contestas como {caller}.</translation>
    </message>
    <message>
        <source>You call as {caller}.</source>
        <translation>Llamas como {caller}.</translation>
    </message>
    <message>
        <source>{name} is calling. Answer?</source>
        <translation>{name} llama. ¿Contestar?</translation>
    </message>
    <message>
        <source>{site} asks: {question} {caller}</source>
        <translation>{site} pregunta: {question} {caller}</translation>
    </message>
</context>
<context>
    <name>Ringer</name>
    <message>
        <source>Ring once</source>
        <translation>Probar el timbre</translation>
    </message>
    <message>
        <source>Ring volume</source>
        <translation>Volumen del timbre</translation>
    </message>
    <message>
        <source>Ringing</source>
        <translation>Timbre</translation>
    </message>
    <message>
        <source>What rings</source>
        <translation>Suena en</translation>
    </message>
</context>
<context>
    <name>Scene</name>
    <message>
        <source>Call</source>
        <translation>Llamada</translation>
    </message>
    <message>
        <source>Their picture</source>
        <translation>Imagen de la otra persona</translation>
    </message>
</context>
<context>
    <name>SectionList</name>
    <message>
        <source>About Twocan</source>
        <translation>Acerca de Twocan</translation>
    </message>
    <message>
        <source>Accounts</source>
        <translation>Cuentas</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Cámara</translation>
    </message>
    <message>
        <source>General</source>
        <translation>General</translation>
    </message>
    <message>
        <source>Pages of the settings</source>
        <translation>Páginas de ajustes</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>Sonido</translation>
    </message>
    <message>
        <source>Trusted sites</source>
        <translation>Sitios de confianza</translation>
    </message>
</context>
<context>
    <name>Server</name>
    <message>
        <source>A port is a number from 1 to 65535.</source>
        <translation>Un puerto es un número del 1 al 65535.</translation>
    </message>
    <message>
        <source>As the site says</source>
        <translation>El que indica el sitio</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>Puerto</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>Servidor</translation>
    </message>
    <message>
        <source>Server and port</source>
        <translation>Servidor y puerto</translation>
    </message>
</context>
<context>
    <name>SettingsView</name>
    <message>
        <source>Back</source>
        <translation>Atrás</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Ajustes</translation>
    </message>
</context>
<context>
    <name>SignInView</name>
    <message>
        <source>Address</source>
        <translation>Dirección</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>Iniciar sesión</translation>
    </message>
    <message>
        <source>Signing in…</source>
        <translation>Iniciando sesión…</translation>
    </message>
    <message>
        <source>The password will be kept in {place}.</source>
        <translation>La contraseña se guardará en {place}.</translation>
    </message>
    <message>
        <source>This computer has no safe place for passwords. Yours is known until Twocan is closed, and asked for the next time.</source>
        <translation>Este equipo no tiene un lugar seguro para contraseñas. La tuya se recuerda hasta cerrar Twocan; la próxima vez se te pedirá.</translation>
    </message>
    <message>
        <source>This is not an address. It has to look like person@site.example.</source>
        <translation>Eso no es una dirección. Tiene que ser como persona@sitio.example.</translation>
    </message>
    <message>
        <source>person@site.example</source>
        <translation>persona@sitio.example</translation>
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
        <translation>Dejar de confiar en {site}</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Quitar</translation>
    </message>
    <message>
        <source>There are none. When the link of a site asks to call somebody, you can choose to trust the site: from then on Twocan calls at once, and the site is listed here.</source>
        <translation>Aún no hay ninguno. Cuando el enlace de un sitio pida llamar a alguien, puedes confiar en el sitio: desde entonces Twocan llama al momento y el sitio aparece aquí.</translation>
    </message>
    <message>
        <source>Trusted sites</source>
        <translation>Sitios de confianza</translation>
    </message>
    <message>
        <source>When you press the call button of one of these, Twocan calls at once.</source>
        <translation>Cuando pulsas el botón de llamada de uno de estos sitios, Twocan llama al momento.</translation>
    </message>
</context>
<context>
    <name>Speaker</name>
    <message>
        <source>Play a test tone</source>
        <translation>Reproducir un tono de prueba</translation>
    </message>
    <message>
        <source>Speaker</source>
        <translation>Altavoz</translation>
    </message>
</context>
<context>
    <name>Statistics</name>
    <message>
        <source>Copy the figures</source>
        <translation>Copiar los datos</translation>
    </message>
    <message>
        <source>For experts</source>
        <translation>Para expertos</translation>
    </message>
    <message>
        <source>How the call goes</source>
        <translation>Cómo va la llamada</translation>
    </message>
    <message>
        <source>It is not known yet how good the call is.</source>
        <translation>Aún no se sabe la calidad de la llamada.</translation>
    </message>
    <message>
        <source>Quality of the call: {quality}</source>
        <translation>Calidad de la llamada: {quality}</translation>
    </message>
    <message>
        <source>The figures are copied</source>
        <translation>Datos copiados</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message numerus="yes">
        <source>%n missed call(s)</source>
        <translation>
            <numerusform>%n llamada perdida</numerusform>
            <numerusform>%n llamadas perdidas</numerusform>
        </translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>Contestar</translation>
    </message>
    <message>
        <source>Accept with camera</source>
        <translation>Contestar con cámara</translation>
    </message>
    <message>
        <source>Calling {name}</source>
        <translation>Llamando a {name}</translation>
    </message>
    <message>
        <source>Decline</source>
        <translation>Rechazar</translation>
    </message>
    <message>
        <source>Do not disturb</source>
        <translation>No molestar</translation>
    </message>
    <message>
        <source>Hang up</source>
        <translation>Colgar</translation>
    </message>
    <message>
        <source>In a call with {name}</source>
        <translation>En llamada con {name}</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>Silenciar</translation>
    </message>
    <message>
        <source>Open Twocan</source>
        <translation>Abrir Twocan</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Salir</translation>
    </message>
    <message>
        <source>Quit, and end the call</source>
        <translation>Colgar y salir</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Ajustes</translation>
    </message>
    <message>
        <source>{name} is calling</source>
        <translation>{name} te llama</translation>
    </message>
    <message>
        <source>{name} is on hold</source>
        <translation>{name} está en espera</translation>
    </message>
</context>
<context>
    <name>Troubles</name>
    <message>
        <source>Choose another camera</source>
        <translation>Elegir otra cámara</translation>
    </message>
    <message>
        <source>Choose another microphone</source>
        <translation>Elegir otro micrófono</translation>
    </message>
    <message>
        <source>Your microphone gives no sound, so nobody can hear you.</source>
        <translation>Tu micrófono no da sonido: nadie puede oírte.</translation>
    </message>
</context>
<context>
    <name>Updates</name>
    <message>
        <source>About once a day the site of your account is asked, never during a call. Nothing about you is sent along.</source>
        <translation>Más o menos una vez al día se pregunta al sitio de tu cuenta, nunca durante una llamada. No se envía nada sobre ti.</translation>
    </message>
    <message>
        <source>Look for new versions</source>
        <translation>Buscar versiones nuevas</translation>
    </message>
    <message>
        <source>New versions</source>
        <translation>Versiones nuevas</translation>
    </message>
    <message>
        <source>This copy of Twocan does not look for new versions.</source>
        <translation>Esta copia de Twocan no busca versiones nuevas.</translation>
    </message>
    <message>
        <source>This is version {version}.</source>
        <translation>Esta es la versión {version}.</translation>
    </message>
</context>
<context>
    <name>Verification</name>
    <message>
        <source>Read these digits out to each other. If both of you see the same, nobody sits between you and listens.</source>
        <translation>Lee estas cifras en voz alta a la otra persona. Si ambos ven las mismas, no hay nadie en medio escuchando.</translation>
    </message>
    <message>
        <source>Safety code</source>
        <translation>Código de seguridad</translation>
    </message>
    <message>
        <source>The other program does not make a safety code. The call is encrypted, but you cannot check who is at the other end of it.</source>
        <translation>El otro programa no genera código de seguridad. La llamada está cifrada, pero no puedes comprobar quién está al otro lado.</translation>
    </message>
</context>
<context>
    <name>Voice</name>
    <message>
        <source>Fans, traffic and keyboards become quiet.</source>
        <translation>Ventiladores, tráfico y teclados se atenúan.</translation>
    </message>
    <message>
        <source>Keep the loudness even</source>
        <translation>Igualar el volumen</translation>
    </message>
    <message>
        <source>Others do not hear themselves from your speaker.</source>
        <translation>Los demás no se oyen a sí mismos por tu altavoz.</translation>
    </message>
    <message>
        <source>Remove echo</source>
        <translation>Eliminar el eco</translation>
    </message>
    <message>
        <source>Suppress noise</source>
        <translation>Reducir el ruido</translation>
    </message>
    <message>
        <source>You are as loud from afar as from close by.</source>
        <translation>Se te oye igual de lejos que de cerca.</translation>
    </message>
    <message>
        <source>Your voice</source>
        <translation>Tu voz</translation>
    </message>
</context>
<context>
    <name>Waiting</name>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Opening the link…</source>
        <translation>Abriendo el enlace…</translation>
    </message>
    <message>
        <source>The site is being asked whom it is for.</source>
        <translation>Se pregunta al sitio para quién es.</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>The call button of a site brings its own account, so there is nothing to fill in here. If you have an address, sign in with it.</source>
        <translation>El botón de llamada de un sitio trae su propia cuenta: aquí no hay nada que rellenar. Si tienes una dirección, inicia sesión con ella.</translation>
    </message>
    <message>
        <source>Welcome to Twocan</source>
        <translation>Te damos la bienvenida a Twocan</translation>
    </message>
</context>
<context>
    <name>facts</name>
    <message>
        <source>Connecting…</source>
        <translation>Conectando…</translation>
    </message>
    <message>
        <source>The camera of {name} goes on</source>
        <translation>La cámara de {name} continúa</translation>
    </message>
    <message>
        <source>The camera of {name} pauses</source>
        <translation>Cámara de {name} en pausa</translation>
    </message>
    <message>
        <source>The microphone of {name} is on</source>
        <translation>El micrófono de {name} está activado</translation>
    </message>
    <message>
        <source>You are connected with {name}</source>
        <translation>Estás en línea con {name}</translation>
    </message>
    <message>
        <source>You put {name} on hold</source>
        <translation>Tienes a {name} en espera</translation>
    </message>
    <message>
        <source>You talk with {name} again</source>
        <translation>Vuelves a hablar con {name}</translation>
    </message>
    <message>
        <source>Your camera goes on</source>
        <translation>Tu cámara continúa</translation>
    </message>
    <message>
        <source>Your camera pauses</source>
        <translation>Tu cámara está en pausa</translation>
    </message>
    <message>
        <source>Your microphone is muted</source>
        <translation>Tu micrófono está silenciado</translation>
    </message>
    <message>
        <source>Your microphone is on</source>
        <translation>Tu micrófono está activado</translation>
    </message>
    <message>
        <source>{name} has muted the microphone</source>
        <translation>{name} se ha silenciado</translation>
    </message>
    <message>
        <source>{name} is back</source>
        <translation>{name} ha vuelto</translation>
    </message>
    <message>
        <source>{name} put you on hold</source>
        <translation>{name} te tiene en espera</translation>
    </message>
</context>
<context>
    <name>figures</name>
    <message>
        <source>Filled in</source>
        <translation>Rellenado</translation>
    </message>
    <message>
        <source>Goes</source>
        <translation>Recorrido</translation>
    </message>
    <message>
        <source>Kept back</source>
        <translation>Retenido</translation>
    </message>
    <message>
        <source>Lost</source>
        <translation>Perdido</translation>
    </message>
    <message>
        <source>Pictures that you see</source>
        <translation>Imagen que ves</translation>
    </message>
    <message>
        <source>Pictures that you send</source>
        <translation>Imagen que envías</translation>
    </message>
    <message>
        <source>Pictures/s</source>
        <translation>Imágenes/s</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>Velocidad</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Tamaño</translation>
    </message>
    <message>
        <source>Sound that you hear</source>
        <translation>Sonido que oyes</translation>
    </message>
    <message>
        <source>Sound that you send</source>
        <translation>Sonido que envías</translation>
    </message>
    <message>
        <source>Stood still</source>
        <translation>Congelada</translation>
    </message>
    <message>
        <source>The way between you</source>
        <translation>El camino entre ambos</translation>
    </message>
    <message>
        <source>There and back</source>
        <translation>Ida y vuelta</translation>
    </message>
    <message>
        <source>Uneven arrival</source>
        <translation>Variación</translation>
    </message>
    <message>
        <source>directly</source>
        <translation>directo</translation>
    </message>
    <message>
        <source>through a relay</source>
        <translation>a través de un repetidor</translation>
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
        <translation>Activar o apagar la cámara</translation>
    </message>
    <message>
        <source>Close what is open, or leave full screen</source>
        <translation>Cerrar lo abierto o salir de pantalla completa</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Pantalla completa</translation>
    </message>
    <message>
        <source>Hang up</source>
        <translation>Colgar</translation>
    </message>
    <message>
        <source>Hold or resume</source>
        <translation>Poner en espera o reanudar</translation>
    </message>
    <message>
        <source>Keypad</source>
        <translation>Teclado</translation>
    </message>
    <message>
        <source>Mute or unmute the microphone</source>
        <translation>Silenciar o activar el micrófono</translation>
    </message>
    <message>
        <source>Press a telephone key</source>
        <translation>Pulsar una tecla del teléfono</translation>
    </message>
    <message>
        <source>Swap the two calls</source>
        <translation>Cambiar entre las dos llamadas</translation>
    </message>
</context>
<context>
    <name>starting</name>
    <message>
        <source>Another version of Twocan is running. Quit it first.</source>
        <translation>Otra versión de Twocan está abierta. Ciérrala primero.</translation>
    </message>
    <message>
        <source>Something else has taken the place of the Twocan that runs. Restart the computer, then try again.</source>
        <translation>Otra cosa ocupa el lugar del Twocan que está abierto. Reinicia el equipo e inténtalo de nuevo.</translation>
    </message>
    <message>
        <source>Twocan is running already, but does not answer. End it, or restart the computer, then try again.</source>
        <translation>Twocan ya está abierto, pero no responde. Ciérralo o reinicia el equipo, e inténtalo de nuevo.</translation>
    </message>
    <message>
        <source>Twocan is running already, without the account that TWOCAN_ACCOUNT names. Quit it first.</source>
        <translation>Twocan ya está abierto, pero sin la cuenta que indica TWOCAN_ACCOUNT. Ciérralo primero.</translation>
    </message>
</context>
<context>
    <name>updates</name>
    <message>
        <source>A new version waits until you are in a network without a data limit.</source>
        <translation>Una versión nueva espera a que estés en una red sin límite de datos.</translation>
    </message>
    <message>
        <source>Last looked for: {when}</source>
        <translation>Última búsqueda: {when}</translation>
    </message>
    <message>
        <source>Looking for a new version…</source>
        <translation>Buscando una versión nueva…</translation>
    </message>
    <message>
        <source>Not looked for yet.</source>
        <translation>Aún no se ha buscado.</translation>
    </message>
    <message>
        <source>The download was cut short.</source>
        <translation>La descarga se interrumpió.</translation>
    </message>
    <message>
        <source>The download was too slow.</source>
        <translation>La descarga fue demasiado lenta.</translation>
    </message>
    <message>
        <source>The new version could not be saved.</source>
        <translation>No se pudo guardar la versión nueva.</translation>
    </message>
    <message>
        <source>The new version was downloaded, but could not be unpacked.</source>
        <translation>La versión nueva se descargó, pero no se pudo descomprimir.</translation>
    </message>
    <message>
        <source>The server could not be reached.</source>
        <translation>No se pudo llegar al servidor.</translation>
    </message>
    <message>
        <source>The server could not prove who it is, so nothing was taken from it.</source>
        <translation>El servidor no pudo demostrar quién es y no se descargó nada de él.</translation>
    </message>
    <message>
        <source>The server did not answer in time.</source>
        <translation>El servidor no respondió a tiempo.</translation>
    </message>
    <message>
        <source>The server gave an answer that cannot be used.</source>
        <translation>La respuesta del servidor no se puede usar.</translation>
    </message>
    <message>
        <source>The server offered a version that does not come from the makers of this one. It was not downloaded.</source>
        <translation>El servidor ofreció una versión que no es de los autores de esta. No se descargó.</translation>
    </message>
    <message>
        <source>The site of your account does not tell of new versions.</source>
        <translation>El sitio de tu cuenta no dice nada de versiones nuevas.</translation>
    </message>
    <message>
        <source>There is a new version, but none for this kind of computer.</source>
        <translation>Hay una versión nueva, pero ninguna para este tipo de equipo.</translation>
    </message>
    <message>
        <source>There is not enough room on the disk for the new version.</source>
        <translation>No hay espacio suficiente en el disco para la versión nueva.</translation>
    </message>
    <message>
        <source>This is the newest version.</source>
        <translation>Esta es la versión más nueva.</translation>
    </message>
    <message>
        <source>Twocan {version} is ready for the next start.</source>
        <translation>Twocan {version} está listo para el próximo inicio.</translation>
    </message>
    <message>
        <source>Version {version} is being downloaded…</source>
        <translation>Descargando la versión {version}…</translation>
    </message>
    <message>
        <source>Version {version} is being unpacked…</source>
        <translation>Descomprimiendo la versión {version}…</translation>
    </message>
    <message>
        <source>Version {version} is out: it is downloaded when there is no call.</source>
        <translation>Ha salido la versión {version}: se descargará cuando no haya ninguna llamada.</translation>
    </message>
    <message>
        <source>Version {version} is ready for the next start.</source>
        <translation>La versión {version} está lista para el próximo inicio.</translation>
    </message>
    <message>
        <source>What was downloaded is not the new version. It was thrown away.</source>
        <translation>Lo que se descargó no es la versión nueva. Se descartó.</translation>
    </message>
</context>
<context>
    <name>words</name>
    <message>
        <source>A video call</source>
        <translation>Una videollamada</translation>
    </message>
    <message>
        <source>Answered on another phone of yours</source>
        <translation>Contestada en otro de tus teléfonos</translation>
    </message>
    <message>
        <source>Bad</source>
        <translation>Mala</translation>
    </message>
    <message>
        <source>Call again in a moment.</source>
        <translation>Vuelve a llamar en un momento.</translation>
    </message>
    <message>
        <source>Call again. If it happens every time, update both programs.</source>
        <translation>Vuelve a llamar. Si ocurre siempre, hay que actualizar los dos programas.</translation>
    </message>
    <message>
        <source>Call back when you like.</source>
        <translation>Devuelve la llamada cuando quieras.</translation>
    </message>
    <message>
        <source>Check both, then try again.</source>
        <translation>Comprueba las dos e inténtalo de nuevo.</translation>
    </message>
    <message>
        <source>Check your internet connection, or try again later.</source>
        <translation>Comprueba tu conexión a internet o inténtalo más tarde.</translation>
    </message>
    <message>
        <source>Check your internet connection, then try again.</source>
        <translation>Comprueba tu conexión a internet e inténtalo de nuevo.</translation>
    </message>
    <message>
        <source>Check your network, then call again.</source>
        <translation>Comprueba tu red y vuelve a llamar.</translation>
    </message>
    <message>
        <source>Declined on another phone of yours</source>
        <translation>Rechazada en otro de tus teléfonos</translation>
    </message>
    <message>
        <source>Do not disturb: calls do not ring</source>
        <translation>No molestar: las llamadas no suenan</translation>
    </message>
    <message>
        <source>End the call first, then press the call button on the site again.</source>
        <translation>Termina primero la llamada y pulsa otra vez el botón de llamada del sitio.</translation>
    </message>
    <message>
        <source>Fair</source>
        <translation>Regular</translation>
    </message>
    <message>
        <source>Good</source>
        <translation>Bien</translation>
    </message>
    <message>
        <source>It did not come with the keys that were promised: somebody may try to listen. Try another network, and compare the safety code in the next call.</source>
        <translation>No llegó con las claves prometidas: quizá alguien intenta escuchar. Prueba con otra red y compara el código de seguridad en la próxima llamada.</translation>
    </message>
    <message>
        <source>It has to look like person@site.example.</source>
        <translation>Tiene que ser como persona@sitio.example.</translation>
    </message>
    <message>
        <source>It left without a word: it may have lost its network or its power. Call again in a moment.</source>
        <translation>Se fue sin avisar: quizá se quedó sin red o sin batería. Vuelve a llamar en un momento.</translation>
    </message>
    <message>
        <source>It may not be a good moment. Try again later.</source>
        <translation>Quizá no es buen momento. Inténtalo más tarde.</translation>
    </message>
    <message>
        <source>It rang there until the time was up. Try again later.</source>
        <translation>Sonó hasta que se acabó el tiempo. Inténtalo más tarde.</translation>
    </message>
    <message>
        <source>It was nothing that you did. Call again in a moment.</source>
        <translation>No fue culpa tuya. Vuelve a llamar en un momento.</translation>
    </message>
    <message>
        <source>No camera is chosen. Choose one in the settings.</source>
        <translation>No hay ninguna cámara elegida. Elige una en los ajustes.</translation>
    </message>
    <message>
        <source>No phone rang: nobody has this address, or none of their phones is online. Check the address, or try again later.</source>
        <translation>No sonó ningún teléfono: nadie tiene esta dirección o ninguno de sus teléfonos está en línea. Comprueba la dirección o inténtalo más tarde.</translation>
    </message>
    <message>
        <source>Nobody is signed in</source>
        <translation>No hay ninguna sesión iniciada</translation>
    </message>
    <message>
        <source>Offline, trying again by itself</source>
        <translation>Sin conexión, reintentando</translation>
    </message>
    <message>
        <source>Poor</source>
        <translation>Baja</translation>
    </message>
    <message>
        <source>Press the call button on the site again.</source>
        <translation>Pulsa otra vez el botón de llamada del sitio.</translation>
    </message>
    <message>
        <source>Press the call button on the site again: it brings you a new one.</source>
        <translation>Pulsa otra vez el botón de llamada del sitio: te dará una nueva.</translation>
    </message>
    <message>
        <source>Ready for calls</source>
        <translation>Listo para llamadas</translation>
    </message>
    <message>
        <source>Sign in again, then call {name}.</source>
        <translation>Inicia sesión de nuevo y llama a {name}.</translation>
    </message>
    <message>
        <source>Signing in…</source>
        <translation>Iniciando sesión…</translation>
    </message>
    <message>
        <source>Sound does not reach this computer&apos;s devices. Install the plugins of ALSA.</source>
        <translation>El sonido no llega a los dispositivos de este equipo. Instala los complementos de ALSA.</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>Iniciando…</translation>
    </message>
    <message>
        <source>That did not work</source>
        <translation>Eso no funcionó</translation>
    </message>
    <message>
        <source>The address and the password do not belong together</source>
        <translation>La dirección y la contraseña no coinciden</translation>
    </message>
    <message>
        <source>The call is over: it does not ring any more</source>
        <translation>La llamada terminó: ya no suena</translation>
    </message>
    <message>
        <source>The call was not safe, so it was ended</source>
        <translation>La llamada no era segura y se terminó</translation>
    </message>
    <message>
        <source>The call with {name} goes on there.</source>
        <translation>La llamada con {name} sigue allí.</translation>
    </message>
    <message>
        <source>The call with {name} is over</source>
        <translation>La llamada con {name} ha terminado</translation>
    </message>
    <message>
        <source>The camera cannot be used ({detail}). Choose another one.</source>
        <translation>No se puede usar la cámara ({detail}). Elige otra.</translation>
    </message>
    <message>
        <source>The connection is not safe, so nothing was sent</source>
        <translation>La conexión no es segura y no se envió nada</translation>
    </message>
    <message>
        <source>The connection to {name} was lost</source>
        <translation>Se perdió la conexión con {name}</translation>
    </message>
    <message>
        <source>The link is for another account than the one in this call</source>
        <translation>El enlace es de una cuenta distinta a la de esta llamada</translation>
    </message>
    <message>
        <source>The microphone stopped ({detail}). Try it again.</source>
        <translation>El micrófono se detuvo ({detail}). Inténtalo otra vez.</translation>
    </message>
    <message>
        <source>The phone of {name} is gone</source>
        <translation>El teléfono de {name} desapareció</translation>
    </message>
    <message>
        <source>The pictures of {device} cannot be read. Unplug it and plug it in again, or choose another camera.</source>
        <translation>La imagen de {device} no se puede leer. Desconéctala y vuelve a conectarla, o elige otra cámara.</translation>
    </message>
    <message>
        <source>The program of {name} failed</source>
        <translation>El programa de {name} falló</translation>
    </message>
    <message>
        <source>The ring volume is zero. Turn it up.</source>
        <translation>El volumen del timbre está a cero. Súbelo.</translation>
    </message>
    <message>
        <source>The screen cannot be shared: {detail}</source>
        <translation>No se puede compartir la pantalla: {detail}</translation>
    </message>
    <message>
        <source>The server does not let this account in</source>
        <translation>El servidor no admite esta cuenta</translation>
    </message>
    <message>
        <source>The site does not answer</source>
        <translation>El sitio no responde</translation>
    </message>
    <message>
        <source>The site does not connect these two addresses. Ask it why.</source>
        <translation>El sitio no conecta estas dos direcciones. Pregúntale por qué.</translation>
    </message>
    <message>
        <source>The sound of this computer does not answer. Log in again, or restart it.</source>
        <translation>El sonido de este equipo no responde. Vuelve a entrar en tu sesión o reinícialo.</translation>
    </message>
    <message>
        <source>The sound stopped by a mistake of Twocan. Try it again.</source>
        <translation>El sonido se detuvo por un error de Twocan. Inténtalo otra vez.</translation>
    </message>
    <message>
        <source>The speaker stopped ({detail}). Try it again.</source>
        <translation>El altavoz se detuvo ({detail}). Inténtalo otra vez.</translation>
    </message>
    <message>
        <source>The window {device} is minimised. Show it again.</source>
        <translation>La ventana {device} está minimizada. Muéstrala de nuevo.</translation>
    </message>
    <message>
        <source>The window {device} was closed. Share another one.</source>
        <translation>La ventana {device} se cerró. Comparte otra.</translation>
    </message>
    <message>
        <source>There is no camera {device}. Plug it in, or choose another one in the settings.</source>
        <translation>No está la cámara {device}. Conéctala o elige otra en los ajustes.</translation>
    </message>
    <message>
        <source>There is no camera. Plug one in.</source>
        <translation>No hay ninguna cámara. Conecta una.</translation>
    </message>
    <message>
        <source>There is no microphone {device}. Plug it in, or choose another one in the settings.</source>
        <translation>No está el micrófono {device}. Conéctalo o elige otro en los ajustes.</translation>
    </message>
    <message>
        <source>There is no microphone. Plug one in.</source>
        <translation>No hay ningún micrófono. Conecta uno.</translation>
    </message>
    <message>
        <source>There is no screen that can be shared.</source>
        <translation>No hay ninguna pantalla que se pueda compartir.</translation>
    </message>
    <message>
        <source>There is no speaker {device}. Plug it in, or choose another one in the settings.</source>
        <translation>No está el altavoz {device}. Conéctalo o elige otro en los ajustes.</translation>
    </message>
    <message>
        <source>There is no speaker. Plug in a speaker or headphones.</source>
        <translation>No hay ningún altavoz. Conecta un altavoz o unos auriculares.</translation>
    </message>
    <message>
        <source>There is no way to the server</source>
        <translation>No se puede llegar al servidor</translation>
    </message>
    <message>
        <source>There was no way through to {name}</source>
        <translation>No hubo forma de conectar con {name}</translation>
    </message>
    <message>
        <source>They have no kind of sound in common. Update both programs, then call again.</source>
        <translation>No tienen ningún formato de sonido en común. Hay que actualizar los dos programas y volver a llamar.</translation>
    </message>
    <message>
        <source>This computer does not have this account&apos;s password any more</source>
        <translation>Este equipo ya no tiene la contraseña de esta cuenta</translation>
    </message>
    <message>
        <source>This computer does not say which cameras there are: {detail}</source>
        <translation>Este equipo no dice qué cámaras hay: {detail}</translation>
    </message>
    <message>
        <source>This computer keeps {device} from your account. Add the account to the group &apos;video&apos;, then log in again.</source>
        <translation>Este equipo no deja que tu usuario use {device}. Añádelo al grupo «video» y vuelve a entrar en el equipo.</translation>
    </message>
    <message>
        <source>This is no link for a call, or a part of it is missing</source>
        <translation>Este enlace no es de una llamada o le falta una parte</translation>
    </message>
    <message>
        <source>This is not an address</source>
        <translation>Eso no es una dirección</translation>
    </message>
    <message>
        <source>This link was used before, or is too old</source>
        <translation>Este enlace ya se usó o es demasiado antiguo</translation>
    </message>
    <message>
        <source>This program made a mistake</source>
        <translation>Este programa cometió un error</translation>
    </message>
    <message>
        <source>This sign-in is over</source>
        <translation>Esta sesión ha caducado</translation>
    </message>
    <message>
        <source>Try again in a moment.</source>
        <translation>Inténtalo de nuevo en un momento.</translation>
    </message>
    <message>
        <source>Try again in a while.</source>
        <translation>Inténtalo dentro de un rato.</translation>
    </message>
    <message>
        <source>Twocan was installed without what cameras need. Install it again.</source>
        <translation>Twocan se instaló sin lo que necesitan las cámaras. Instálalo de nuevo.</translation>
    </message>
    <message>
        <source>Twocan was installed without what sharing the screen needs. Install it again.</source>
        <translation>Twocan se instaló sin lo necesario para compartir la pantalla. Instálalo de nuevo.</translation>
    </message>
    <message>
        <source>Twocan was installed without what sound devices need. Install it again.</source>
        <translation>Twocan se instaló sin lo que necesitan los dispositivos de sonido. Instálalo de nuevo.</translation>
    </message>
    <message>
        <source>Type it once more, or press the call button on the site again.</source>
        <translation>Escríbela de nuevo o pulsa otra vez el botón de llamada del sitio.</translation>
    </message>
    <message>
        <source>Wayland does not let Twocan share the screen. Log in to an X11 session.</source>
        <translation>Wayland no deja que Twocan comparta la pantalla. Entra en una sesión X11.</translation>
    </message>
    <message>
        <source>Whoever answered cannot prove to be the right server. Try another network, or ask the site.</source>
        <translation>Quien respondió no puede demostrar que es el servidor correcto. Prueba con otra red o pregunta al sitio.</translation>
    </message>
    <message>
        <source>Whoever called gave up, or you took it on another device. Call back when you like.</source>
        <translation>Quien llamaba colgó, o contestaste en otro dispositivo. Devuelve la llamada cuando quieras.</translation>
    </message>
    <message>
        <source>Windows keeps the camera from Twocan. Allow desktop apps to use it in Settings, Privacy &amp; security, Camera.</source>
        <translation>Windows no deja que Twocan use la cámara. Permite el acceso a las aplicaciones de escritorio en Configuración, Privacidad y seguridad, Cámara.</translation>
    </message>
    <message>
        <source>Yesterday, {time}</source>
        <translation>Ayer, {time}</translation>
    </message>
    <message>
        <source>You and {name} may not call each other</source>
        <translation>{name} y tú no pueden llamarse</translation>
    </message>
    <message>
        <source>You and {name} went on in a newer call</source>
        <translation>Sigues con {name} en otra llamada más reciente</translation>
    </message>
    <message>
        <source>You are in a call. Try it again when it is over.</source>
        <translation>Estás en una llamada. Inténtalo cuando termine.</translation>
    </message>
    <message>
        <source>You both agreed to talk, but a network in between does not let calls pass. Call again, or try another network.</source>
        <translation>La llamada se aceptó, pero una red intermedia no la deja pasar. Vuelve a llamar o prueba con otra red.</translation>
    </message>
    <message>
        <source>You declined the call</source>
        <translation>Rechazaste la llamada</translation>
    </message>
    <message>
        <source>You gave up before {name} answered</source>
        <translation>Colgaste antes de que {name} contestara</translation>
    </message>
    <message>
        <source>You hung up</source>
        <translation>Colgaste</translation>
    </message>
    <message>
        <source>You hung up before the call was connected</source>
        <translation>Colgaste antes de que se conectara la llamada</translation>
    </message>
    <message>
        <source>You missed a call from {name}</source>
        <translation>Tienes una llamada perdida de {name}</translation>
    </message>
    <message>
        <source>You were signed out before the call began</source>
        <translation>Se cerró tu sesión antes de que empezara la llamada</translation>
    </message>
    <message>
        <source>Your microphone hears nothing at all. It may be muted, or Twocan may not use it.</source>
        <translation>Tu micrófono no oye nada. Quizá está silenciado o Twocan no tiene permiso para usarlo.</translation>
    </message>
    <message>
        <source>Your phone and that of {name} do not understand each other</source>
        <translation>Tu teléfono y el de {name} no se entienden</translation>
    </message>
    <message>
        <source>Your phone and that of {name} misunderstood each other</source>
        <translation>Tu teléfono y el de {name} se malinterpretaron</translation>
    </message>
    <message>
        <source>macOS asks whether Twocan may use the camera. Allow it.</source>
        <translation>macOS pregunta si Twocan puede usar la cámara. Permítelo.</translation>
    </message>
    <message>
        <source>macOS keeps the camera from Twocan. Allow it in System Settings, Privacy &amp; Security, Camera.</source>
        <translation>macOS no deja que Twocan use la cámara. Permítelo en Ajustes del Sistema, Privacidad y seguridad, Cámara.</translation>
    </message>
    <message>
        <source>{day}, {time}</source>
        <translation>{day}, {time}</translation>
    </message>
    <message>
        <source>{device} could be several cameras. Choose one in the settings.</source>
        <translation>{device} puede ser más de una cámara. Elige una en los ajustes.</translation>
    </message>
    <message>
        <source>{device} could be several devices. Choose one in the settings.</source>
        <translation>{device} puede ser más de un dispositivo. Elige uno en los ajustes.</translation>
    </message>
    <message>
        <source>{device} does not open ({detail}). Close the other program that uses it, or choose another device.</source>
        <translation>{device} no se abre ({detail}). Cierra el otro programa que lo usa o elige otro dispositivo.</translation>
    </message>
    <message>
        <source>{device} does not open. Close the other program that uses it.</source>
        <translation>{device} no se abre. Cierra el otro programa que la usa.</translation>
    </message>
    <message>
        <source>{device} failed ({detail}). Unplug it, or choose another camera.</source>
        <translation>{device} falló ({detail}). Desconéctala o elige otra cámara.</translation>
    </message>
    <message>
        <source>{device} gives no pictures. Unplug it and plug it in again.</source>
        <translation>{device} no da imagen. Desconéctala y vuelve a conectarla.</translation>
    </message>
    <message>
        <source>{device} is unplugged. Plug it in again, or choose another camera.</source>
        <translation>{device} está desconectada. Conéctala otra vez o elige otra cámara.</translation>
    </message>
    <message>
        <source>{device} takes long to open. Unplug it and plug it in again.</source>
        <translation>{device} tarda mucho en abrirse. Desconéctala y vuelve a conectarla.</translation>
    </message>
    <message>
        <source>{name} called while you were in another call</source>
        <translation>{name} llamó mientras estabas en otra llamada</translation>
    </message>
    <message>
        <source>{name} cannot be reached</source>
        <translation>No se puede localizar a {name}</translation>
    </message>
    <message>
        <source>{name} declined the call</source>
        <translation>{name} rechazó la llamada</translation>
    </message>
    <message>
        <source>{name} did not answer</source>
        <translation>{name} no contestó</translation>
    </message>
    <message>
        <source>{name} gave up before you answered</source>
        <translation>{name} colgó antes de que contestaras</translation>
    </message>
    <message>
        <source>{name} hung up</source>
        <translation>{name} colgó</translation>
    </message>
    <message>
        <source>{name} hung up before the call was connected</source>
        <translation>{name} colgó antes de que se conectara la llamada</translation>
    </message>
    <message>
        <source>{name} is in another call</source>
        <translation>{name} está en otra llamada</translation>
    </message>
</context>
</TS>
