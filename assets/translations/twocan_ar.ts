<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ar_EG" sourcelanguage="en">
<context>
    <name>AboutPage</name>
    <message>
        <source>A phone that is only the call.</source>
        <translation>هاتف للمكالمات وحدها.</translation>
    </message>
    <message>
        <source>Copied. There are no addresses in it.</source>
        <translation>تم النسخ، ولا توجد فيه أي عناوين.</translation>
    </message>
    <message>
        <source>Copy technical details</source>
        <translation>نسخ التفاصيل التقنية</translation>
    </message>
    <message>
        <source>Decline it, or go back</source>
        <translation>الرفض أو الرجوع</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>اختصارات لوحة المفاتيح</translation>
    </message>
    <message>
        <source>Licence: {licence}</source>
        <translation>الترخيص: ⁨{licence}⁩</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>خروج</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>الإعدادات</translation>
    </message>
    <message>
        <source>Take a call that rings</source>
        <translation>الرد على مكالمة واردة</translation>
    </message>
    <message>
        <source>Take it with your camera</source>
        <translation>الرد مع تشغيل الكاميرا</translation>
    </message>
    <message>
        <source>Version {version}</source>
        <translation>الإصدار ⁨{version}⁩</translation>
    </message>
</context>
<context>
    <name>AccountForm</name>
    <message>
        <source>A port is a number from 1 to 65535.</source>
        <translation>المنفذ رقم من 1 إلى 65535.</translation>
    </message>
    <message>
        <source>Add an account</source>
        <translation>إضافة حساب</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>العنوان</translation>
    </message>
    <message>
        <source>Found by the address</source>
        <translation>يُستنتج من العنوان</translation>
    </message>
    <message>
        <source>Name the server myself</source>
        <translation>تحديد الخادم يدويًا</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>كلمة المرور</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>المنفذ</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>الخادم</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>تسجيل الدخول</translation>
    </message>
    <message>
        <source>The password is kept in {store}.</source>
        <translation>تُحفظ كلمة المرور في ⁨{store}⁩.</translation>
    </message>
    <message>
        <source>This computer has no place for secrets that Twocan can use. The account is known until Twocan is closed; the next time you sign in again.</source>
        <translation>لا يوجد على هذا الحاسوب مكان آمن لكلمات المرور يمكن لـ Twocan استخدامه. يبقى الحساب حتى إغلاق Twocan، ويلزم تسجيل الدخول من جديد في المرة القادمة.</translation>
    </message>
    <message>
        <source>Type your address.</source>
        <translation>يُرجى كتابة عنوانك.</translation>
    </message>
    <message>
        <source>Type your password.</source>
        <translation>يُرجى كتابة كلمة المرور.</translation>
    </message>
</context>
<context>
    <name>AccountRow</name>
    <message>
        <source>Came with a link of {site}</source>
        <translation>جاء مع رابط من ⁨{site}⁩</translation>
    </message>
    <message>
        <source>In use: {standing}</source>
        <translation>قيد الاستخدام: {standing}</translation>
    </message>
    <message>
        <source>In {store}</source>
        <translation>محفوظ في ⁨{store}⁩</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>إبقاء</translation>
    </message>
    <message>
        <source>Known only until Twocan is closed</source>
        <translation>يبقى حتى إغلاق Twocan فقط</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation>تسجيل الخروج</translation>
    </message>
    <message>
        <source>Sign out and forget {address}?</source>
        <translation>هل تريد تسجيل الخروج وإزالة ⁨{address}⁩؟</translation>
    </message>
    <message>
        <source>Sign out {address}</source>
        <translation>تسجيل الخروج من ⁨{address}⁩</translation>
    </message>
    <message>
        <source>Sign out…</source>
        <translation>تسجيل الخروج…</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>استخدام</translation>
    </message>
    <message>
        <source>Use {address}</source>
        <translation>استخدام ⁨{address}⁩</translation>
    </message>
</context>
<context>
    <name>AccountsPage</name>
    <message>
        <source>Accounts can be changed when the call is over.</source>
        <translation>يمكن تغيير الحسابات بعد انتهاء المكالمة.</translation>
    </message>
</context>
<context>
    <name>Around</name>
    <message>
        <source>Twocan is still here</source>
        <translation>لا يزال Twocan يعمل</translation>
    </message>
    <message>
        <source>You can be called while the window is closed. Quit from the tray menu.</source>
        <translation>ستصلك المكالمات حتى والنافذة مغلقة. للخروج استخدم قائمة شريط النظام.</translation>
    </message>
    <message>
        <source>You can be called while the window is put away. Ctrl+Q quits.</source>
        <translation>ستصلك المكالمات حتى والنافذة مصغّرة. للخروج اضغط Ctrl+Q.</translation>
    </message>
</context>
<context>
    <name>Callee</name>
    <message>
        <source>Call</source>
        <translation>اتصال</translation>
    </message>
    <message>
        <source>Call with camera</source>
        <translation>اتصال بالفيديو</translation>
    </message>
    <message>
        <source>This is not an address. It has to look like person@site.example.</source>
        <translation>هذا ليس عنوانًا. يجب أن يكون على شكل ⁨person@site.example⁩.</translation>
    </message>
    <message>
        <source>This is your own address.</source>
        <translation>هذا عنوانك أنت.</translation>
    </message>
    <message>
        <source>Type an address, or paste a link.</source>
        <translation>اكتب عنوانًا أو ألصق رابطًا.</translation>
    </message>
    <message>
        <source>Who do you want to call?</source>
        <translation>بمن تريد الاتصال؟</translation>
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
        <translation>مكالمة صادرة</translation>
    </message>
    <message>
        <source>Calling {name}</source>
        <translation>جارٍ الاتصال بـ ⁨{name}⁩</translation>
    </message>
    <message>
        <source>Calling…</source>
        <translation>جارٍ الاتصال…</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>الكاميرا</translation>
    </message>
    <message>
        <source>Connecting with {name}</source>
        <translation>جارٍ التوصيل مع ⁨{name}⁩</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>جارٍ التوصيل…</translation>
    </message>
    <message>
        <source>End</source>
        <translation>إنهاء</translation>
    </message>
    <message>
        <source>It rings at {name}</source>
        <translation>يرنّ لدى ⁨{name}⁩</translation>
    </message>
    <message>
        <source>It rings there</source>
        <translation>يرنّ لدى الطرف الآخر</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>كتم</translation>
    </message>
</context>
<context>
    <name>CameraPage</name>
    <message>
        <source>Camera</source>
        <translation>الكاميرا</translation>
    </message>
    <message>
        <source>No camera</source>
        <translation>بلا كاميرا</translation>
    </message>
    <message>
        <source>What your camera sees</source>
        <translation>ما تراه الكاميرا</translation>
    </message>
    <message>
        <source>Without a camera, others hear you and do not see you.</source>
        <translation>بلا كاميرا يسمعك الآخرون ولا يرونك.</translation>
    </message>
    <message>
        <source>Your picture is shown here when the call is over.</source>
        <translation>تظهر صورتك هنا بعد انتهاء المكالمة.</translation>
    </message>
</context>
<context>
    <name>Clearing</name>
    <message>
        <source>Keep them</source>
        <translation>إبقاؤها</translation>
    </message>
    <message>
        <source>Remove all</source>
        <translation>إزالة الكل</translation>
    </message>
    <message>
        <source>Remove all calls from this list? This cannot be undone.</source>
        <translation>هل تريد إزالة كل المكالمات من هذه القائمة؟ لا يمكن التراجع عن ذلك.</translation>
    </message>
</context>
<context>
    <name>ControlBar</name>
    <message>
        <source>Camera</source>
        <translation>الكاميرا</translation>
    </message>
    <message>
        <source>Controls of the call</source>
        <translation>أزرار المكالمة</translation>
    </message>
    <message>
        <source>Hang up</source>
        <translation>إنهاء</translation>
    </message>
    <message>
        <source>Hold</source>
        <translation>انتظار</translation>
    </message>
    <message>
        <source>Keypad</source>
        <translation>لوحة الأرقام</translation>
    </message>
    <message>
        <source>More</source>
        <translation>المزيد</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>كتم</translation>
    </message>
</context>
<context>
    <name>DeviceChoice</name>
    <message>
        <source>System default</source>
        <translation>الافتراضي في النظام</translation>
    </message>
    <message>
        <source>{device} (not plugged in)</source>
        <translation>⁨{device}⁩ (غير موصول)</translation>
    </message>
</context>
<context>
    <name>DeviceMenu</name>
    <message>
        <source>Camera</source>
        <translation>الكاميرا</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>الأجهزة</translation>
    </message>
    <message>
        <source>How loud your microphone is</source>
        <translation>مستوى صوت الميكروفون</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>الميكروفون</translation>
    </message>
    <message>
        <source>No camera</source>
        <translation>بلا كاميرا</translation>
    </message>
    <message>
        <source>Speaker</source>
        <translation>مكبر الصوت</translation>
    </message>
    <message>
        <source>The one that the system uses</source>
        <translation>ما يستخدمه النظام</translation>
    </message>
</context>
<context>
    <name>EndedView</name>
    <message>
        <source>Call again</source>
        <translation>إعادة الاتصال</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>تم</translation>
    </message>
    <message>
        <source>With the camera</source>
        <translation>مع الكاميرا</translation>
    </message>
    <message>
        <source>You talked for {duration}</source>
        <translation>مدة المكالمة: {duration}</translation>
    </message>
    <message>
        <source>Your camera was not seen. {reason}</source>
        <translation>لم تظهر صورتك. ⁨{reason}⁩</translation>
    </message>
</context>
<context>
    <name>Face</name>
    <message>
        <source>Twocan cannot start: {why}</source>
        <translation>تعذّر تشغيل Twocan: ⁨{why}⁩</translation>
    </message>
</context>
<context>
    <name>Folders</name>
    <message>
        <source>History</source>
        <translation>سجل المكالمات</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>الإعدادات</translation>
    </message>
    <message>
        <source>Where things are</source>
        <translation>أماكن الحفظ</translation>
    </message>
</context>
<context>
    <name>GeneralPage</name>
    <message>
        <source>As the system</source>
        <translation>لغة النظام</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>اللغة</translation>
    </message>
</context>
<context>
    <name>Heading</name>
    <message>
        <source>Full screen</source>
        <translation>ملء الشاشة</translation>
    </message>
    <message>
        <source>It is not known yet how good the call is</source>
        <translation>جودة المكالمة غير معروفة بعد</translation>
    </message>
    <message>
        <source>Leave full screen</source>
        <translation>إنهاء ملء الشاشة</translation>
    </message>
    <message>
        <source>Quality of the call: {quality}</source>
        <translation>جودة المكالمة: {quality}</translation>
    </message>
    <message>
        <source>Safety code</source>
        <translation>رمز الأمان</translation>
    </message>
</context>
<context>
    <name>HeldCall</name>
    <message>
        <source>Hang up</source>
        <translation>إنهاء</translation>
    </message>
    <message>
        <source>Hang up on {name}</source>
        <translation>إنهاء المكالمة مع ⁨{name}⁩</translation>
    </message>
    <message>
        <source>Swap</source>
        <translation>تبديل</translation>
    </message>
    <message>
        <source>Talk with {name}, and put the other one on hold</source>
        <translation>التحدث مع ⁨{name}⁩ ووضع المكالمة الأخرى قيد الانتظار</translation>
    </message>
    <message>
        <source>{name} is on hold</source>
        <translation>⁨{name}⁩ قيد الانتظار</translation>
    </message>
</context>
<context>
    <name>History</name>
    <message numerus="yes">
        <source>%n call(s), kept on this computer only.</source>
        <translation>
            <numerusform>لا مكالمات على هذا الحاسوب.</numerusform>
            <numerusform>مكالمة واحدة، محفوظة على هذا الحاسوب فقط.</numerusform>
            <numerusform>مكالمتان، محفوظتان على هذا الحاسوب فقط.</numerusform>
            <numerusform>%Ln مكالمات، محفوظة على هذا الحاسوب فقط.</numerusform>
            <numerusform>%Ln مكالمة، محفوظة على هذا الحاسوب فقط.</numerusform>
            <numerusform>%Ln مكالمة، محفوظة على هذا الحاسوب فقط.</numerusform>
        </translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>مسح</translation>
    </message>
    <message>
        <source>Clear the history</source>
        <translation>مسح سجل المكالمات</translation>
    </message>
    <message>
        <source>Clear…</source>
        <translation>مسح…</translation>
    </message>
    <message numerus="yes">
        <source>Forget %n call(s)? This cannot be undone.</source>
        <translation>
            <numerusform>لا مكالمات لمسحها.</numerusform>
            <numerusform>هل تريد مسح مكالمة واحدة؟ لا يمكن التراجع عن ذلك.</numerusform>
            <numerusform>هل تريد مسح مكالمتين؟ لا يمكن التراجع عن ذلك.</numerusform>
            <numerusform>هل تريد مسح %Ln مكالمات؟ لا يمكن التراجع عن ذلك.</numerusform>
            <numerusform>هل تريد مسح %Ln مكالمة؟ لا يمكن التراجع عن ذلك.</numerusform>
            <numerusform>هل تريد مسح %Ln مكالمة؟ لا يمكن التراجع عن ذلك.</numerusform>
        </translation>
    </message>
    <message>
        <source>History</source>
        <translation>سجل المكالمات</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>إبقاء</translation>
    </message>
    <message>
        <source>There are no calls in it.</source>
        <translation>لا توجد فيه مكالمات.</translation>
    </message>
</context>
<context>
    <name>IdleView</name>
    <message numerus="yes">
        <source>%n missed call(s)</source>
        <translation>
            <numerusform>لا مكالمات فائتة</numerusform>
            <numerusform>مكالمة فائتة واحدة</numerusform>
            <numerusform>مكالمتان فائتتان</numerusform>
            <numerusform>%Ln مكالمات فائتة</numerusform>
            <numerusform>%Ln مكالمة فائتة</numerusform>
            <numerusform>%Ln مكالمة فائتة</numerusform>
        </translation>
    </message>
    <message>
        <source>OK</source>
        <translation>حسنًا</translation>
    </message>
    <message>
        <source>Recent calls</source>
        <translation>المكالمات الأخيرة</translation>
    </message>
    <message>
        <source>Restart Twocan</source>
        <translation>إعادة تشغيل Twocan</translation>
    </message>
    <message>
        <source>Sign in again</source>
        <translation>تسجيل الدخول من جديد</translation>
    </message>
    <message>
        <source>Try now</source>
        <translation>إعادة المحاولة</translation>
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
        <translation>الأجهزة</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>ملء الشاشة</translation>
    </message>
    <message>
        <source>Hold</source>
        <translation>وضع قيد الانتظار</translation>
    </message>
    <message>
        <source>How the call goes</source>
        <translation>حالة المكالمة</translation>
    </message>
    <message>
        <source>Keypad</source>
        <translation>لوحة الأرقام</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>اختصارات لوحة المفاتيح</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>استئناف</translation>
    </message>
    <message>
        <source>Safety code</source>
        <translation>رمز الأمان</translation>
    </message>
    <message>
        <source>Share the screen</source>
        <translation>مشاركة الشاشة</translation>
    </message>
    <message>
        <source>Show my picture</source>
        <translation>إظهار صورتي</translation>
    </message>
</context>
<context>
    <name>IncomingView</name>
    <message>
        <source>Answer</source>
        <translation>رد</translation>
    </message>
    <message>
        <source>Decline</source>
        <translation>رفض</translation>
    </message>
    <message>
        <source>Incoming call</source>
        <translation>مكالمة واردة</translation>
    </message>
    <message>
        <source>With camera</source>
        <translation>بالكاميرا</translation>
    </message>
    <message>
        <source>calls you from {site}</source>
        <translation>يتصل بك من ⁨{site}⁩</translation>
    </message>
    <message>
        <source>calls you from {site}, with camera</source>
        <translation>يتصل بك بالفيديو من ⁨{site}⁩</translation>
    </message>
    <message>
        <source>{name} calls</source>
        <translation>⁨{name}⁩ يتصل بك</translation>
    </message>
</context>
<context>
    <name>Kept</name>
    <message>
        <source>Or with another address</source>
        <translation>أو بعنوان آخر</translation>
    </message>
    <message>
        <source>Sign in again as</source>
        <translation>تسجيل الدخول مجددًا باسم</translation>
    </message>
</context>
<context>
    <name>KeyList</name>
    <message>
        <source>Keys</source>
        <translation>اختصارات لوحة المفاتيح</translation>
    </message>
</context>
<context>
    <name>Keypad</name>
    <message>
        <source>Hash</source>
        <translation>مربّع</translation>
    </message>
    <message>
        <source>Keypad</source>
        <translation>لوحة الأرقام</translation>
    </message>
    <message>
        <source>Pressed keys: {keys}</source>
        <translation>المفاتيح المضغوطة: ⁨{keys}⁩</translation>
    </message>
    <message>
        <source>Star</source>
        <translation>نجمة</translation>
    </message>
</context>
<context>
    <name>KnockingCall</name>
    <message>
        <source>Answer</source>
        <translation>رد</translation>
    </message>
    <message>
        <source>Answer with camera</source>
        <translation>الرد بالكاميرا</translation>
    </message>
    <message>
        <source>Decline</source>
        <translation>رفض</translation>
    </message>
    <message>
        <source>From {site}. If you answer, this call is given up.</source>
        <translation>من ⁨{site}⁩. عند الرد تنتهي هذه المكالمة.</translation>
    </message>
    <message>
        <source>From {site}. If you answer, this call is put on hold.</source>
        <translation>من ⁨{site}⁩. عند الرد توضع هذه المكالمة قيد الانتظار.</translation>
    </message>
    <message>
        <source>{name} calls</source>
        <translation>⁨{name}⁩ يتصل بك</translation>
    </message>
    <message>
        <source>{name} calls, with camera</source>
        <translation>⁨{name}⁩ يتصل بك بالفيديو</translation>
    </message>
</context>
<context>
    <name>Me</name>
    <message>
        <source>Do not disturb</source>
        <translation>عدم الإزعاج</translation>
    </message>
    <message>
        <source>Do not disturb is on</source>
        <translation>«عدم الإزعاج» مفعّل</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>الإعدادات</translation>
    </message>
</context>
<context>
    <name>Microphone</name>
    <message>
        <source>Five seconds are recorded, then played to you.</source>
        <translation>تُسجَّل خمس ثوانٍ ثم تُعاد على مسمعك.</translation>
    </message>
    <message>
        <source>Hear yourself</source>
        <translation>اسمع صوتك</translation>
    </message>
    <message>
        <source>How far the recording is</source>
        <translation>تقدّم التسجيل</translation>
    </message>
    <message>
        <source>How loud your microphone is</source>
        <translation>مستوى صوت الميكروفون</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>الميكروفون</translation>
    </message>
    <message numerus="yes">
        <source>Say something. %n second(s) are left.</source>
        <translation>
            <numerusform>قل شيئًا. انتهى الوقت.</numerusform>
            <numerusform>قل شيئًا. بقيت ثانية واحدة.</numerusform>
            <numerusform>قل شيئًا. بقيت ثانيتان.</numerusform>
            <numerusform>قل شيئًا. بقيت %Ln ثوانٍ.</numerusform>
            <numerusform>قل شيئًا. بقيت %Ln ثانية.</numerusform>
            <numerusform>قل شيئًا. بقيت %Ln ثانية.</numerusform>
        </translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>إيقاف</translation>
    </message>
    <message>
        <source>This is how others hear you.</source>
        <translation>هكذا يسمعك الآخرون.</translation>
    </message>
</context>
<context>
    <name>Nothing</name>
    <message>
        <source>No calls yet</source>
        <translation>لا مكالمات بعد</translation>
    </message>
    <message>
        <source>Type an address above, or press the call button beside somebody on a site. Whoever calls you is listed here as well.</source>
        <translation>اكتب عنوانًا في الأعلى، أو اضغط زر الاتصال بجوار شخص ما في أحد المواقع. وسيظهر هنا أيضًا من يتصل بك.</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message numerus="yes">
        <source>%n missed call(s)</source>
        <translation>
            <numerusform>لا مكالمات فائتة</numerusform>
            <numerusform>مكالمة فائتة واحدة</numerusform>
            <numerusform>مكالمتان فائتتان</numerusform>
            <numerusform>%Ln مكالمات فائتة</numerusform>
            <numerusform>%Ln مكالمة فائتة</numerusform>
            <numerusform>%Ln مكالمة فائتة</numerusform>
        </translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>رد</translation>
    </message>
    <message>
        <source>Accept with camera</source>
        <translation>الرد بالكاميرا</translation>
    </message>
    <message>
        <source>Call back</source>
        <translation>معاودة الاتصال</translation>
    </message>
    <message>
        <source>Call from {site}</source>
        <translation>مكالمة من ⁨{site}⁩</translation>
    </message>
    <message>
        <source>Decline</source>
        <translation>رفض</translation>
    </message>
    <message>
        <source>From {names}</source>
        <translation>من {names}</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>فتح</translation>
    </message>
    <message>
        <source>Video call from {site}</source>
        <translation>مكالمة فيديو من ⁨{site}⁩</translation>
    </message>
    <message>
        <source>{name} is calling</source>
        <translation>⁨{name}⁩ يتصل بك</translation>
    </message>
</context>
<context>
    <name>OlderQuestion</name>
    <message>
        <source>A newer Twocan is installed</source>
        <translation>يوجد إصدار أحدث من Twocan مثبّت</translation>
    </message>
    <message>
        <source>Go back to {mine}</source>
        <translation>الرجوع إلى ⁨{mine}⁩</translation>
    </message>
    <message>
        <source>This download is version {mine}.
Version {current} is installed.</source>
        <translation>هذا الملف هو الإصدار ⁨{mine}⁩.
الإصدار المثبّت هو ⁨{current}⁩.</translation>
    </message>
    <message>
        <source>Use version {current}</source>
        <translation>استخدام الإصدار ⁨{current}⁩</translation>
    </message>
</context>
<context>
    <name>Overlay</name>
    <message>
        <source>Close</source>
        <translation>إغلاق</translation>
    </message>
</context>
<context>
    <name>OwnPicture</name>
    <message>
        <source>Hide my picture</source>
        <translation>إخفاء صورتي</translation>
    </message>
    <message>
        <source>The arrow keys move it to another corner.</source>
        <translation>تنقلها مفاتيح الأسهم إلى زاوية أخرى.</translation>
    </message>
    <message>
        <source>Your own picture</source>
        <translation>صورتك</translation>
    </message>
</context>
<context>
    <name>Password</name>
    <message>
        <source>Hide the password</source>
        <translation>إخفاء كلمة المرور</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>كلمة المرور</translation>
    </message>
    <message>
        <source>Show the password</source>
        <translation>إظهار كلمة المرور</translation>
    </message>
    <message>
        <source>Type the password.</source>
        <translation>يُرجى كتابة كلمة المرور.</translation>
    </message>
</context>
<context>
    <name>PastList</name>
    <message>
        <source>Call</source>
        <translation>اتصال</translation>
    </message>
    <message>
        <source>Call with camera</source>
        <translation>اتصال بالفيديو</translation>
    </message>
    <message>
        <source>Clear history…</source>
        <translation>مسح السجل…</translation>
    </message>
    <message>
        <source>Copy address</source>
        <translation>نسخ العنوان</translation>
    </message>
    <message>
        <source>Enter calls back, Ctrl+Enter calls back with the camera.</source>
        <translation>يعاود Enter الاتصال، ويعاوده Ctrl+Enter مع الكاميرا.</translation>
    </message>
    <message>
        <source>Recent calls</source>
        <translation>المكالمات الأخيرة</translation>
    </message>
</context>
<context>
    <name>PastModel</name>
    <message>
        <source>Declined</source>
        <translation>مرفوضة</translation>
    </message>
    <message>
        <source>Missed</source>
        <translation>فائتة</translation>
    </message>
    <message>
        <source>Missed call from {name}, {when}</source>
        <translation>مكالمة فائتة من ⁨{name}⁩، {when}</translation>
    </message>
    <message>
        <source>Not reached</source>
        <translation>لم تتم</translation>
    </message>
    <message>
        <source>You called {name}, {when}: {outcome}</source>
        <translation>اتصلتَ بـ ⁨{name}⁩، {when}: {outcome}</translation>
    </message>
    <message>
        <source>{name} called you, {when}: {outcome}</source>
        <translation>اتصل بك ⁨{name}⁩، {when}: {outcome}</translation>
    </message>
    <message>
        <source>{outcome}, {when}</source>
        <translation>{outcome}، {when}</translation>
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
        <translation>⁨{name}⁩ (⁨{address}⁩)</translation>
    </message>
</context>
<context>
    <name>Person</name>
    <message>
        <source>Resume</source>
        <translation>استئناف</translation>
    </message>
</context>
<context>
    <name>PickingUp</name>
    <message>
        <source>Answering {name}…</source>
        <translation>جارٍ الرد على ⁨{name}⁩…</translation>
    </message>
    <message>
        <source>Don&apos;t answer</source>
        <translation>عدم الرد</translation>
    </message>
    <message>
        <source>You are signed in first. If it still rings then, it is answered.</source>
        <translation>يُسجَّل دخولك أولًا، ثم يُرَد على المكالمة إن ظلت ترن.</translation>
    </message>
</context>
<context>
    <name>Presence</name>
    <message>
        <source>Being called</source>
        <translation>استقبال المكالمات</translation>
    </message>
    <message>
        <source>Calls do not ring. You see later who called.</source>
        <translation>لا ترنّ المكالمات، ويمكنك لاحقًا معرفة من اتصل.</translation>
    </message>
    <message>
        <source>Do not disturb</source>
        <translation>عدم الإزعاج</translation>
    </message>
    <message>
        <source>Start at log-in</source>
        <translation>التشغيل عند بدء الجلسة</translation>
    </message>
    <message>
        <source>The start at log-in could not be set: {why}</source>
        <translation>تعذّر ضبط التشغيل عند بدء الجلسة: ⁨{why}⁩</translation>
    </message>
    <message>
        <source>You can be called as soon as you have logged in.</source>
        <translation>تصلك المكالمات فور بدء جلستك على الحاسوب.</translation>
    </message>
</context>
<context>
    <name>Question</name>
    <message>
        <source>Always allow calls from this site</source>
        <translation>السماح دائمًا بمكالمات هذا الموقع</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>رد</translation>
    </message>
    <message>
        <source>Answer with camera</source>
        <translation>رد بالفيديو</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>اتصال</translation>
    </message>
    <message>
        <source>Call this address?</source>
        <translation>هل تريد الاتصال بهذا العنوان؟</translation>
    </message>
    <message>
        <source>Call with camera</source>
        <translation>اتصال بالفيديو</translation>
    </message>
    <message>
        <source>Call {name}?</source>
        <translation>هل تريد الاتصال بـ ⁨{name}⁩؟</translation>
    </message>
    <message>
        <source>Don&apos;t call</source>
        <translation>عدم الاتصال</translation>
    </message>
    <message>
        <source>Its links then call without asking. You can take that back in the settings.</source>
        <translation>ستتصل روابطه دون سؤال. يمكنك التراجع عن ذلك في الإعدادات.</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>ليس الآن</translation>
    </message>
    <message>
        <source>Somebody is calling. Answer?</source>
        <translation>هناك من يتصل. هل تريد الرد؟</translation>
    </message>
    <message>
        <source>The site says: {reason}</source>
        <translation>يقول الموقع: ⁨{reason}⁩</translation>
    </message>
    <message>
        <source>You answer as {caller}.</source>
        <translation>سترد باسم ⁨{caller}⁩.</translation>
    </message>
    <message>
        <source>You call as {caller}.</source>
        <translation>ستتصل باسم ⁨{caller}⁩.</translation>
    </message>
    <message>
        <source>{name} is calling. Answer?</source>
        <translation>⁨{name}⁩ يتصل. هل تريد الرد؟</translation>
    </message>
    <message>
        <source>{site} asks: {question} {caller}</source>
        <translation>يسأل ⁨{site}⁩: {question} ⁨{caller}⁩</translation>
    </message>
</context>
<context>
    <name>Ringer</name>
    <message>
        <source>Ring once</source>
        <translation>تجربة الرنين</translation>
    </message>
    <message>
        <source>Ring volume</source>
        <translation>مستوى صوت الرنين</translation>
    </message>
    <message>
        <source>Ringing</source>
        <translation>الرنين</translation>
    </message>
    <message>
        <source>What rings</source>
        <translation>جهاز الرنين</translation>
    </message>
</context>
<context>
    <name>Scene</name>
    <message>
        <source>Call</source>
        <translation>المكالمة</translation>
    </message>
    <message>
        <source>Their picture</source>
        <translation>صورة الطرف الآخر</translation>
    </message>
</context>
<context>
    <name>SectionList</name>
    <message>
        <source>About Twocan</source>
        <translation>حول Twocan</translation>
    </message>
    <message>
        <source>Accounts</source>
        <translation>الحسابات</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>الكاميرا</translation>
    </message>
    <message>
        <source>General</source>
        <translation>عام</translation>
    </message>
    <message>
        <source>Pages of the settings</source>
        <translation>صفحات الإعدادات</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>الصوت</translation>
    </message>
    <message>
        <source>Trusted sites</source>
        <translation>المواقع الموثوقة</translation>
    </message>
</context>
<context>
    <name>Server</name>
    <message>
        <source>A port is a number from 1 to 65535.</source>
        <translation>المنفذ رقم من 1 إلى 65535.</translation>
    </message>
    <message>
        <source>As the site says</source>
        <translation>كما يحدده الموقع</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>المنفذ</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>الخادم</translation>
    </message>
    <message>
        <source>Server and port</source>
        <translation>الخادم والمنفذ</translation>
    </message>
</context>
<context>
    <name>SettingsView</name>
    <message>
        <source>Back</source>
        <translation>رجوع</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>الإعدادات</translation>
    </message>
</context>
<context>
    <name>SignInView</name>
    <message>
        <source>Address</source>
        <translation>العنوان</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>إلغاء</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>تسجيل الدخول</translation>
    </message>
    <message>
        <source>Signing in…</source>
        <translation>جارٍ تسجيل الدخول…</translation>
    </message>
    <message>
        <source>The password will be kept in {place}.</source>
        <translation>ستُحفظ كلمة المرور في ⁨{place}⁩.</translation>
    </message>
    <message>
        <source>This computer has no safe place for passwords. Yours is known until Twocan is closed, and asked for the next time.</source>
        <translation>لا يوجد على هذا الحاسوب مكان آمن لكلمات المرور. تبقى كلمتك حتى إغلاق Twocan، وتُطلب منك في المرة القادمة.</translation>
    </message>
    <message>
        <source>This is not an address. It has to look like person@site.example.</source>
        <translation>هذا ليس عنوانًا. يجب أن يكون على شكل ⁨person@site.example⁩.</translation>
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
        <translation>إلغاء الثقة بـ ⁨{site}⁩</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>إزالة</translation>
    </message>
    <message>
        <source>There are none. When the link of a site asks to call somebody, you can choose to trust the site: from then on Twocan calls at once, and the site is listed here.</source>
        <translation>لا توجد مواقع بعد. عندما يطلب رابط موقع ما الاتصال بشخص، يمكنك الوثوق بالموقع: عندها يتصل Twocan فورًا ويظهر الموقع هنا.</translation>
    </message>
    <message>
        <source>Trusted sites</source>
        <translation>المواقع الموثوقة</translation>
    </message>
    <message>
        <source>When you press the call button of one of these, Twocan calls at once.</source>
        <translation>عند الضغط على زر الاتصال في أحد هذه المواقع يتصل Twocan فورًا.</translation>
    </message>
</context>
<context>
    <name>Speaker</name>
    <message>
        <source>Play a test tone</source>
        <translation>تشغيل نغمة تجريبية</translation>
    </message>
    <message>
        <source>Speaker</source>
        <translation>مكبر الصوت</translation>
    </message>
</context>
<context>
    <name>Statistics</name>
    <message>
        <source>Copy the figures</source>
        <translation>نسخ الأرقام</translation>
    </message>
    <message>
        <source>For experts</source>
        <translation>للخبراء</translation>
    </message>
    <message>
        <source>How the call goes</source>
        <translation>حالة المكالمة</translation>
    </message>
    <message>
        <source>It is not known yet how good the call is.</source>
        <translation>جودة المكالمة غير معروفة بعد.</translation>
    </message>
    <message>
        <source>Quality of the call: {quality}</source>
        <translation>جودة المكالمة: {quality}</translation>
    </message>
    <message>
        <source>The figures are copied</source>
        <translation>تم نسخ الأرقام</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message numerus="yes">
        <source>%n missed call(s)</source>
        <translation>
            <numerusform>لا مكالمات فائتة</numerusform>
            <numerusform>مكالمة فائتة واحدة</numerusform>
            <numerusform>مكالمتان فائتتان</numerusform>
            <numerusform>%Ln مكالمات فائتة</numerusform>
            <numerusform>%Ln مكالمة فائتة</numerusform>
            <numerusform>%Ln مكالمة فائتة</numerusform>
        </translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>رد</translation>
    </message>
    <message>
        <source>Accept with camera</source>
        <translation>الرد بالكاميرا</translation>
    </message>
    <message>
        <source>Calling {name}</source>
        <translation>جارٍ الاتصال بـ ⁨{name}⁩</translation>
    </message>
    <message>
        <source>Decline</source>
        <translation>رفض</translation>
    </message>
    <message>
        <source>Do not disturb</source>
        <translation>عدم الإزعاج</translation>
    </message>
    <message>
        <source>Hang up</source>
        <translation>إنهاء المكالمة</translation>
    </message>
    <message>
        <source>In a call with {name}</source>
        <translation>في مكالمة مع ⁨{name}⁩</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>كتم الميكروفون</translation>
    </message>
    <message>
        <source>Open Twocan</source>
        <translation>فتح Twocan</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>خروج</translation>
    </message>
    <message>
        <source>Quit, and end the call</source>
        <translation>إنهاء المكالمة والخروج</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>الإعدادات</translation>
    </message>
    <message>
        <source>{name} is calling</source>
        <translation>⁨{name}⁩ يتصل بك</translation>
    </message>
    <message>
        <source>{name} is on hold</source>
        <translation>⁨{name}⁩ قيد الانتظار</translation>
    </message>
</context>
<context>
    <name>Troubles</name>
    <message>
        <source>Choose another camera</source>
        <translation>اختيار كاميرا أخرى</translation>
    </message>
    <message>
        <source>Choose another microphone</source>
        <translation>اختيار ميكروفون آخر</translation>
    </message>
    <message>
        <source>Your microphone gives no sound, so nobody can hear you.</source>
        <translation>لا يصدر عن الميكروفون أي صوت، ولذلك لا يسمعك أحد.</translation>
    </message>
</context>
<context>
    <name>Updates</name>
    <message>
        <source>About once a day the site of your account is asked, never during a call. Nothing about you is sent along.</source>
        <translation>يُسأل موقع حسابك مرة في اليوم تقريبًا، وليس أثناء المكالمات أبدًا. لا يُرسل أي شيء عنك.</translation>
    </message>
    <message>
        <source>Look for new versions</source>
        <translation>البحث عن إصدارات جديدة</translation>
    </message>
    <message>
        <source>New versions</source>
        <translation>الإصدارات الجديدة</translation>
    </message>
    <message>
        <source>This copy of Twocan does not look for new versions.</source>
        <translation>هذه النسخة من Twocan لا تبحث عن إصدارات جديدة.</translation>
    </message>
    <message>
        <source>This is version {version}.</source>
        <translation>هذا هو الإصدار ⁨{version}⁩.</translation>
    </message>
</context>
<context>
    <name>Verification</name>
    <message>
        <source>Read these digits out to each other. If both of you see the same, nobody sits between you and listens.</source>
        <translation>ليقرأ كل منكما هذه الأرقام للآخر. إذا كانت متطابقة فلا أحد يتنصت بينكما.</translation>
    </message>
    <message>
        <source>Safety code</source>
        <translation>رمز الأمان</translation>
    </message>
    <message>
        <source>The other program does not make a safety code. The call is encrypted, but you cannot check who is at the other end of it.</source>
        <translation>البرنامج الآخر لا ينشئ رمز أمان. المكالمة مشفّرة، لكن لا يمكنك التحقق ممن هو على الطرف الآخر.</translation>
    </message>
</context>
<context>
    <name>Voice</name>
    <message>
        <source>Fans, traffic and keyboards become quiet.</source>
        <translation>تخفت أصوات المراوح والسيارات ولوحات المفاتيح.</translation>
    </message>
    <message>
        <source>Keep the loudness even</source>
        <translation>موازنة مستوى الصوت</translation>
    </message>
    <message>
        <source>Others do not hear themselves from your speaker.</source>
        <translation>لا يسمع الآخرون أصواتهم من مكبر صوتك.</translation>
    </message>
    <message>
        <source>Remove echo</source>
        <translation>إزالة الصدى</translation>
    </message>
    <message>
        <source>Suppress noise</source>
        <translation>خفض الضوضاء</translation>
    </message>
    <message>
        <source>You are as loud from afar as from close by.</source>
        <translation>يبقى صوتك بالقوة نفسها من قريب ومن بعيد.</translation>
    </message>
    <message>
        <source>Your voice</source>
        <translation>صوتك</translation>
    </message>
</context>
<context>
    <name>Waiting</name>
    <message>
        <source>Cancel</source>
        <translation>إلغاء</translation>
    </message>
    <message>
        <source>Opening the link…</source>
        <translation>جارٍ فتح الرابط…</translation>
    </message>
    <message>
        <source>The site is being asked whom it is for.</source>
        <translation>جارٍ سؤال الموقع عن الشخص المطلوب.</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>The call button of a site brings its own account, so there is nothing to fill in here. If you have an address, sign in with it.</source>
        <translation>زر الاتصال في الموقع يأتي بحسابه الخاص، فلا حاجة إلى ملء شيء هنا. إذا كان لديك عنوان فسجّل الدخول به.</translation>
    </message>
    <message>
        <source>Welcome to Twocan</source>
        <translation>مرحبًا بك في Twocan</translation>
    </message>
</context>
<context>
    <name>facts</name>
    <message>
        <source>Connecting…</source>
        <translation>جارٍ التوصيل…</translation>
    </message>
    <message>
        <source>The camera of {name} goes on</source>
        <translation>عادت كاميرا ⁨{name}⁩ إلى العمل</translation>
    </message>
    <message>
        <source>The camera of {name} pauses</source>
        <translation>كاميرا ⁨{name}⁩ متوقفة مؤقتًا</translation>
    </message>
    <message>
        <source>The microphone of {name} is on</source>
        <translation>ميكروفون ⁨{name}⁩ يعمل</translation>
    </message>
    <message>
        <source>You are connected with {name}</source>
        <translation>تم التوصيل مع ⁨{name}⁩</translation>
    </message>
    <message>
        <source>You put {name} on hold</source>
        <translation>وضعتَ ⁨{name}⁩ قيد الانتظار</translation>
    </message>
    <message>
        <source>You talk with {name} again</source>
        <translation>عدت للتحدث مع ⁨{name}⁩</translation>
    </message>
    <message>
        <source>Your camera goes on</source>
        <translation>عادت الكاميرا إلى العمل</translation>
    </message>
    <message>
        <source>Your camera pauses</source>
        <translation>الكاميرا متوقفة مؤقتًا</translation>
    </message>
    <message>
        <source>Your microphone is muted</source>
        <translation>الميكروفون مكتوم</translation>
    </message>
    <message>
        <source>Your microphone is on</source>
        <translation>الميكروفون يعمل</translation>
    </message>
    <message>
        <source>{name} has muted the microphone</source>
        <translation>كتم ⁨{name}⁩ الميكروفون</translation>
    </message>
    <message>
        <source>{name} is back</source>
        <translation>عاد ⁨{name}⁩</translation>
    </message>
    <message>
        <source>{name} put you on hold</source>
        <translation>وضعك ⁨{name}⁩ قيد الانتظار</translation>
    </message>
</context>
<context>
    <name>figures</name>
    <message>
        <source>Filled in</source>
        <translation>معوَّض</translation>
    </message>
    <message>
        <source>Goes</source>
        <translation>الاتصال</translation>
    </message>
    <message>
        <source>Kept back</source>
        <translation>مؤجَّل</translation>
    </message>
    <message>
        <source>Lost</source>
        <translation>المفقود</translation>
    </message>
    <message>
        <source>Pictures that you see</source>
        <translation>الصورة التي تراها</translation>
    </message>
    <message>
        <source>Pictures that you send</source>
        <translation>الصورة التي ترسلها</translation>
    </message>
    <message>
        <source>Pictures/s</source>
        <translation>صورة/ثانية</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>المعدل</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>المقاس</translation>
    </message>
    <message>
        <source>Sound that you hear</source>
        <translation>الصوت الذي تسمعه</translation>
    </message>
    <message>
        <source>Sound that you send</source>
        <translation>الصوت الذي ترسله</translation>
    </message>
    <message>
        <source>Stood still</source>
        <translation>توقفت</translation>
    </message>
    <message>
        <source>The way between you</source>
        <translation>المسار بينكما</translation>
    </message>
    <message>
        <source>There and back</source>
        <translation>ذهابًا وإيابًا</translation>
    </message>
    <message>
        <source>Uneven arrival</source>
        <translation>تفاوت الوصول</translation>
    </message>
    <message>
        <source>directly</source>
        <translation>مباشر</translation>
    </message>
    <message>
        <source>through a relay</source>
        <translation>عبر خادم وسيط</translation>
    </message>
    <message>
        <source>{figure} %</source>
        <translation>‏{figure}٪</translation>
    </message>
    <message>
        <source>{figure} Mbit/s</source>
        <translation>{figure} ميغابت/ث</translation>
    </message>
    <message>
        <source>{figure} kbit/s</source>
        <translation>{figure} كيلوبت/ث</translation>
    </message>
    <message>
        <source>{figure} ms</source>
        <translation>{figure} م.ث</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} ث</translation>
    </message>
</context>
<context>
    <name>shortcuts</name>
    <message>
        <source>Camera on or off</source>
        <translation>تشغيل الكاميرا أو إيقافها</translation>
    </message>
    <message>
        <source>Close what is open, or leave full screen</source>
        <translation>إغلاق المفتوح أو إنهاء ملء الشاشة</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>ملء الشاشة</translation>
    </message>
    <message>
        <source>Hang up</source>
        <translation>إنهاء المكالمة</translation>
    </message>
    <message>
        <source>Hold or resume</source>
        <translation>الانتظار أو الاستئناف</translation>
    </message>
    <message>
        <source>Keypad</source>
        <translation>لوحة الأرقام</translation>
    </message>
    <message>
        <source>Mute or unmute the microphone</source>
        <translation>كتم الميكروفون أو تشغيله</translation>
    </message>
    <message>
        <source>Press a telephone key</source>
        <translation>ضغط مفتاح هاتف</translation>
    </message>
    <message>
        <source>Swap the two calls</source>
        <translation>التبديل بين المكالمتين</translation>
    </message>
</context>
<context>
    <name>starting</name>
    <message>
        <source>Another version of Twocan is running. Quit it first.</source>
        <translation>هناك إصدار آخر من Twocan قيد التشغيل. أغلقه أولًا.</translation>
    </message>
    <message>
        <source>Something else has taken the place of the Twocan that runs. Restart the computer, then try again.</source>
        <translation>يشغل شيء آخر مكان Twocan الجاري تشغيله. أعد تشغيل الحاسوب ثم حاول من جديد.</translation>
    </message>
    <message>
        <source>Twocan is running already, but does not answer. End it, or restart the computer, then try again.</source>
        <translation>يعمل Twocan بالفعل لكنه لا يستجيب. أغلقه أو أعد تشغيل الحاسوب ثم حاول من جديد.</translation>
    </message>
    <message>
        <source>Twocan is running already, without the account that TWOCAN_ACCOUNT names. Quit it first.</source>
        <translation>يعمل Twocan بالفعل دون الحساب الذي يحدده TWOCAN_ACCOUNT. أغلقه أولًا.</translation>
    </message>
</context>
<context>
    <name>updates</name>
    <message>
        <source>A new version waits until you are in a network without a data limit.</source>
        <translation>ينتظر إصدار جديد حتى تكون على شبكة بلا حد للبيانات.</translation>
    </message>
    <message>
        <source>Last looked for: {when}</source>
        <translation>آخر بحث: {when}</translation>
    </message>
    <message>
        <source>Looking for a new version…</source>
        <translation>جارٍ البحث عن إصدار جديد…</translation>
    </message>
    <message>
        <source>Not looked for yet.</source>
        <translation>لم يجرِ البحث بعد.</translation>
    </message>
    <message>
        <source>The download was cut short.</source>
        <translation>انقطع التنزيل.</translation>
    </message>
    <message>
        <source>The download was too slow.</source>
        <translation>كان التنزيل بطيئًا جدًا.</translation>
    </message>
    <message>
        <source>The new version could not be saved.</source>
        <translation>تعذّر حفظ الإصدار الجديد.</translation>
    </message>
    <message>
        <source>The new version was downloaded, but could not be unpacked.</source>
        <translation>تم تنزيل الإصدار الجديد، لكن تعذّر فك ضغطه.</translation>
    </message>
    <message>
        <source>The server could not be reached.</source>
        <translation>تعذّر الوصول إلى الخادم.</translation>
    </message>
    <message>
        <source>The server could not prove who it is, so nothing was taken from it.</source>
        <translation>لم يستطع الخادم إثبات هويته، ولذلك لم يُنزَّل منه شيء.</translation>
    </message>
    <message>
        <source>The server did not answer in time.</source>
        <translation>لم يرد الخادم في الوقت المناسب.</translation>
    </message>
    <message>
        <source>The server gave an answer that cannot be used.</source>
        <translation>رد الخادم بما لا يمكن استخدامه.</translation>
    </message>
    <message>
        <source>The server offered a version that does not come from the makers of this one. It was not downloaded.</source>
        <translation>عرض الخادم إصدارًا ليس من صانعي هذا الإصدار. لم يُنزَّل.</translation>
    </message>
    <message>
        <source>The site of your account does not tell of new versions.</source>
        <translation>لا يذكر موقع حسابك شيئًا عن الإصدارات الجديدة.</translation>
    </message>
    <message>
        <source>There is a new version, but none for this kind of computer.</source>
        <translation>يوجد إصدار جديد، لكن ليس لهذا النوع من الحواسيب.</translation>
    </message>
    <message>
        <source>There is not enough room on the disk for the new version.</source>
        <translation>لا توجد على القرص مساحة كافية للإصدار الجديد.</translation>
    </message>
    <message>
        <source>This is the newest version.</source>
        <translation>هذا أحدث إصدار.</translation>
    </message>
    <message>
        <source>Twocan {version} is ready for the next start.</source>
        <translation>أصبح Twocan ⁨{version}⁩ جاهزًا للتشغيل القادم.</translation>
    </message>
    <message>
        <source>Version {version} is being downloaded…</source>
        <translation>جارٍ تنزيل الإصدار ⁨{version}⁩…</translation>
    </message>
    <message>
        <source>Version {version} is being unpacked…</source>
        <translation>جارٍ فك ضغط الإصدار ⁨{version}⁩…</translation>
    </message>
    <message>
        <source>Version {version} is out: it is downloaded when there is no call.</source>
        <translation>صدر الإصدار ⁨{version}⁩: يُنزَّل عندما لا تكون هناك مكالمة.</translation>
    </message>
    <message>
        <source>Version {version} is ready for the next start.</source>
        <translation>الإصدار ⁨{version}⁩ جاهز للتشغيل القادم.</translation>
    </message>
    <message>
        <source>What was downloaded is not the new version. It was thrown away.</source>
        <translation>ما تم تنزيله ليس الإصدار الجديد. تم التخلص منه.</translation>
    </message>
</context>
<context>
    <name>words</name>
    <message>
        <source>A video call</source>
        <translation>مكالمة فيديو</translation>
    </message>
    <message>
        <source>Answered on another phone of yours</source>
        <translation>تم الرد من هاتف آخر لك</translation>
    </message>
    <message>
        <source>Bad</source>
        <translation>سيئة</translation>
    </message>
    <message>
        <source>Call again in a moment.</source>
        <translation>أعد الاتصال بعد قليل.</translation>
    </message>
    <message>
        <source>Call again. If it happens every time, update both programs.</source>
        <translation>أعد الاتصال. إذا تكرر ذلك في كل مرة فحدّثا البرنامجين.</translation>
    </message>
    <message>
        <source>Call back when you like.</source>
        <translation>يمكنك معاودة الاتصال متى شئت.</translation>
    </message>
    <message>
        <source>Check both, then try again.</source>
        <translation>تحقق منهما ثم حاول من جديد.</translation>
    </message>
    <message>
        <source>Check your internet connection, or try again later.</source>
        <translation>تحقق من اتصالك بالإنترنت أو حاول لاحقًا.</translation>
    </message>
    <message>
        <source>Check your internet connection, then try again.</source>
        <translation>تحقق من اتصالك بالإنترنت ثم حاول من جديد.</translation>
    </message>
    <message>
        <source>Check your network, then call again.</source>
        <translation>تحقق من الشبكة ثم أعد الاتصال.</translation>
    </message>
    <message>
        <source>Declined on another phone of yours</source>
        <translation>تم الرفض من هاتف آخر لك</translation>
    </message>
    <message>
        <source>Do not disturb: calls do not ring</source>
        <translation>عدم الإزعاج: المكالمات لا ترنّ</translation>
    </message>
    <message>
        <source>End the call first, then press the call button on the site again.</source>
        <translation>أنهِ المكالمة أولًا ثم اضغط زر الاتصال في الموقع من جديد.</translation>
    </message>
    <message>
        <source>Fair</source>
        <translation>مقبولة</translation>
    </message>
    <message>
        <source>Good</source>
        <translation>جيدة</translation>
    </message>
    <message>
        <source>It did not come with the keys that were promised: somebody may try to listen. Try another network, and compare the safety code in the next call.</source>
        <translation>لم تأتِ بالمفاتيح الموعودة: ربما يحاول أحد التنصت. جرّب شبكة أخرى، وقارنا رمز الأمان في المكالمة التالية.</translation>
    </message>
    <message>
        <source>It has to look like person@site.example.</source>
        <translation>يجب أن يكون على شكل ⁨person@site.example⁩.</translation>
    </message>
    <message>
        <source>It left without a word: it may have lost its network or its power. Call again in a moment.</source>
        <translation>اختفى دون إشعار: ربما فقد الشبكة أو الطاقة. أعد الاتصال بعد قليل.</translation>
    </message>
    <message>
        <source>It may not be a good moment. Try again later.</source>
        <translation>ربما لم يكن الوقت مناسبًا. حاول لاحقًا.</translation>
    </message>
    <message>
        <source>It rang there until the time was up. Try again later.</source>
        <translation>رنّ الهاتف لديه حتى انتهت المهلة. حاول لاحقًا.</translation>
    </message>
    <message>
        <source>It was nothing that you did. Call again in a moment.</source>
        <translation>لم يكن ذلك بسببك. أعد الاتصال بعد قليل.</translation>
    </message>
    <message>
        <source>No camera is chosen. Choose one in the settings.</source>
        <translation>لم تُختر أي كاميرا. اختر واحدة في الإعدادات.</translation>
    </message>
    <message>
        <source>No phone rang: nobody has this address, or none of their phones is online. Check the address, or try again later.</source>
        <translation>لم يرنّ أي هاتف: لا أحد يملك هذا العنوان، أو لا يوجد هاتف متصل لديه. تحقق من العنوان أو حاول لاحقًا.</translation>
    </message>
    <message>
        <source>Nobody is signed in</source>
        <translation>لم يسجّل أحد الدخول</translation>
    </message>
    <message>
        <source>Offline, trying again by itself</source>
        <translation>غير متصل، تُعاد المحاولة تلقائيًا</translation>
    </message>
    <message>
        <source>Poor</source>
        <translation>ضعيفة</translation>
    </message>
    <message>
        <source>Press the call button on the site again.</source>
        <translation>اضغط زر الاتصال في الموقع من جديد.</translation>
    </message>
    <message>
        <source>Press the call button on the site again: it brings you a new one.</source>
        <translation>اضغط زر الاتصال في الموقع من جديد لتحصل على غيره.</translation>
    </message>
    <message>
        <source>Ready for calls</source>
        <translation>جاهز للمكالمات</translation>
    </message>
    <message>
        <source>Sign in again, then call {name}.</source>
        <translation>سجّل الدخول من جديد ثم اتصل بـ ⁨{name}⁩.</translation>
    </message>
    <message>
        <source>Signing in…</source>
        <translation>جارٍ تسجيل الدخول…</translation>
    </message>
    <message>
        <source>Sound does not reach this computer&apos;s devices. Install the plugins of ALSA.</source>
        <translation>لا يصل الصوت إلى أجهزة هذا الحاسوب. ثبّت ملحقات ALSA.</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>جارٍ البدء…</translation>
    </message>
    <message>
        <source>That did not work</source>
        <translation>لم ينجح ذلك</translation>
    </message>
    <message>
        <source>The address and the password do not belong together</source>
        <translation>العنوان وكلمة المرور غير متطابقين</translation>
    </message>
    <message>
        <source>The call is over: it does not ring any more</source>
        <translation>انتهت المكالمة: لم تعد ترن</translation>
    </message>
    <message>
        <source>The call was not safe, so it was ended</source>
        <translation>لم تكن المكالمة آمنة، فأُنهيت</translation>
    </message>
    <message>
        <source>The call with {name} goes on there.</source>
        <translation>تستمر المكالمة مع ⁨{name}⁩ هناك.</translation>
    </message>
    <message>
        <source>The call with {name} is over</source>
        <translation>انتهت المكالمة مع ⁨{name}⁩</translation>
    </message>
    <message>
        <source>The camera cannot be used ({detail}). Choose another one.</source>
        <translation>تعذّر استخدام الكاميرا (⁨{detail}⁩). اختر كاميرا أخرى.</translation>
    </message>
    <message>
        <source>The connection is not safe, so nothing was sent</source>
        <translation>الاتصال غير آمن، ولذلك لم يُرسل شيء</translation>
    </message>
    <message>
        <source>The connection to {name} was lost</source>
        <translation>انقطع الاتصال مع ⁨{name}⁩</translation>
    </message>
    <message>
        <source>The link is for another account than the one in this call</source>
        <translation>هذا الرابط لحساب غير حساب هذه المكالمة</translation>
    </message>
    <message>
        <source>The microphone stopped ({detail}). Try it again.</source>
        <translation>توقف الميكروفون (⁨{detail}⁩). حاول من جديد.</translation>
    </message>
    <message>
        <source>The phone of {name} is gone</source>
        <translation>اختفى هاتف ⁨{name}⁩</translation>
    </message>
    <message>
        <source>The pictures of {device} cannot be read. Unplug it and plug it in again, or choose another camera.</source>
        <translation>تعذّرت قراءة صورة ⁨{device}⁩. افصلها ثم أعد توصيلها، أو اختر كاميرا أخرى.</translation>
    </message>
    <message>
        <source>The program of {name} failed</source>
        <translation>تعطّل برنامج ⁨{name}⁩</translation>
    </message>
    <message>
        <source>The ring volume is zero. Turn it up.</source>
        <translation>مستوى صوت الرنين صفر. ارفعه.</translation>
    </message>
    <message>
        <source>The screen cannot be shared: {detail}</source>
        <translation>تعذّرت مشاركة الشاشة: ⁨{detail}⁩</translation>
    </message>
    <message>
        <source>The server does not let this account in</source>
        <translation>لا يقبل الخادم هذا الحساب</translation>
    </message>
    <message>
        <source>The site does not answer</source>
        <translation>الموقع لا يستجيب</translation>
    </message>
    <message>
        <source>The site does not connect these two addresses. Ask it why.</source>
        <translation>لا يصل الموقع بين هذين العنوانين. اسأله عن السبب.</translation>
    </message>
    <message>
        <source>The sound of this computer does not answer. Log in again, or restart it.</source>
        <translation>نظام الصوت في هذا الحاسوب لا يستجيب. ابدأ جلسة جديدة أو أعد تشغيل الحاسوب.</translation>
    </message>
    <message>
        <source>The sound stopped by a mistake of Twocan. Try it again.</source>
        <translation>توقف الصوت بسبب خطأ في Twocan. حاول من جديد.</translation>
    </message>
    <message>
        <source>The speaker stopped ({detail}). Try it again.</source>
        <translation>توقف مكبر الصوت (⁨{detail}⁩). حاول من جديد.</translation>
    </message>
    <message>
        <source>The window {device} is minimised. Show it again.</source>
        <translation>النافذة ⁨{device}⁩ مصغّرة. أظهرها من جديد.</translation>
    </message>
    <message>
        <source>The window {device} was closed. Share another one.</source>
        <translation>أُغلقت النافذة ⁨{device}⁩. شارك نافذة أخرى.</translation>
    </message>
    <message>
        <source>There is no camera {device}. Plug it in, or choose another one in the settings.</source>
        <translation>الكاميرا ⁨{device}⁩ غير موجودة. وصّلها أو اختر غيرها في الإعدادات.</translation>
    </message>
    <message>
        <source>There is no camera. Plug one in.</source>
        <translation>لا توجد كاميرا. وصّل واحدة.</translation>
    </message>
    <message>
        <source>There is no microphone {device}. Plug it in, or choose another one in the settings.</source>
        <translation>الميكروفون ⁨{device}⁩ غير موجود. وصّله أو اختر غيره في الإعدادات.</translation>
    </message>
    <message>
        <source>There is no microphone. Plug one in.</source>
        <translation>لا يوجد ميكروفون. وصّل واحدًا.</translation>
    </message>
    <message>
        <source>There is no screen that can be shared.</source>
        <translation>لا توجد شاشة يمكن مشاركتها.</translation>
    </message>
    <message>
        <source>There is no speaker {device}. Plug it in, or choose another one in the settings.</source>
        <translation>مكبر الصوت ⁨{device}⁩ غير موجود. وصّله أو اختر غيره في الإعدادات.</translation>
    </message>
    <message>
        <source>There is no speaker. Plug in a speaker or headphones.</source>
        <translation>لا يوجد مكبر صوت. وصّل مكبر صوت أو سماعات.</translation>
    </message>
    <message>
        <source>There is no way to the server</source>
        <translation>تعذّر الوصول إلى الخادم</translation>
    </message>
    <message>
        <source>There was no way through to {name}</source>
        <translation>تعذّر التوصيل مع ⁨{name}⁩</translation>
    </message>
    <message>
        <source>They have no kind of sound in common. Update both programs, then call again.</source>
        <translation>لا توجد بينهما صيغة صوت مشتركة. حدّثا البرنامجين ثم أعد الاتصال.</translation>
    </message>
    <message>
        <source>This computer does not have this account&apos;s password any more</source>
        <translation>لم تعد كلمة مرور هذا الحساب محفوظة على هذا الحاسوب</translation>
    </message>
    <message>
        <source>This computer does not say which cameras there are: {detail}</source>
        <translation>تعذّرت معرفة الكاميرات الموجودة على هذا الحاسوب: ⁨{detail}⁩</translation>
    </message>
    <message>
        <source>This computer keeps {device} from your account. Add the account to the group &apos;video&apos;, then log in again.</source>
        <translation>لا يسمح هذا الحاسوب لحسابك باستخدام ⁨{device}⁩. أضف الحساب إلى المجموعة «video» ثم ابدأ جلسة جديدة.</translation>
    </message>
    <message>
        <source>This is no link for a call, or a part of it is missing</source>
        <translation>هذا ليس رابط مكالمة، أو ينقصه جزء</translation>
    </message>
    <message>
        <source>This is not an address</source>
        <translation>هذا ليس عنوانًا</translation>
    </message>
    <message>
        <source>This link was used before, or is too old</source>
        <translation>استُخدم هذا الرابط من قبل أو انتهت صلاحيته</translation>
    </message>
    <message>
        <source>This program made a mistake</source>
        <translation>أخطأ هذا البرنامج</translation>
    </message>
    <message>
        <source>This sign-in is over</source>
        <translation>انتهت صلاحية تسجيل الدخول هذا</translation>
    </message>
    <message>
        <source>Try again in a moment.</source>
        <translation>حاول من جديد بعد قليل.</translation>
    </message>
    <message>
        <source>Try again in a while.</source>
        <translation>حاول بعد قليل.</translation>
    </message>
    <message>
        <source>Twocan was installed without what cameras need. Install it again.</source>
        <translation>ثُبّت Twocan بدون ما تحتاجه الكاميرات. أعد تثبيته.</translation>
    </message>
    <message>
        <source>Twocan was installed without what sharing the screen needs. Install it again.</source>
        <translation>ثُبّت Twocan بدون ما تحتاجه مشاركة الشاشة. أعد تثبيته.</translation>
    </message>
    <message>
        <source>Twocan was installed without what sound devices need. Install it again.</source>
        <translation>ثُبّت Twocan بدون ما تحتاجه أجهزة الصوت. أعد تثبيته.</translation>
    </message>
    <message>
        <source>Type it once more, or press the call button on the site again.</source>
        <translation>اكتبها من جديد أو اضغط زر الاتصال في الموقع مرة أخرى.</translation>
    </message>
    <message>
        <source>Wayland does not let Twocan share the screen. Log in to an X11 session.</source>
        <translation>لا يسمح Wayland لـ Twocan بمشاركة الشاشة. ابدأ جلسة X11.</translation>
    </message>
    <message>
        <source>Whoever answered cannot prove to be the right server. Try another network, or ask the site.</source>
        <translation>من ردّ لا يستطيع إثبات أنه الخادم الصحيح. جرّب شبكة أخرى أو اسأل الموقع.</translation>
    </message>
    <message>
        <source>Whoever called gave up, or you took it on another device. Call back when you like.</source>
        <translation>ألغى المتصل الاتصال، أو رددت عليه من جهاز آخر. يمكنك معاودة الاتصال متى شئت.</translation>
    </message>
    <message>
        <source>Windows keeps the camera from Twocan. Allow desktop apps to use it in Settings, Privacy &amp; security, Camera.</source>
        <translation>يمنع Windows تطبيق Twocan من استخدام الكاميرا. اسمح لتطبيقات سطح المكتب بذلك في الإعدادات، الخصوصية والأمان، الكاميرا.</translation>
    </message>
    <message>
        <source>Yesterday, {time}</source>
        <translation>أمس، {time}</translation>
    </message>
    <message>
        <source>You and {name} may not call each other</source>
        <translation>لا يُسمح لك ولـ ⁨{name}⁩ بالاتصال أحدكما بالآخر</translation>
    </message>
    <message>
        <source>You and {name} went on in a newer call</source>
        <translation>انتقلتما، أنت و⁨{name}⁩، إلى مكالمة أحدث</translation>
    </message>
    <message>
        <source>You are in a call. Try it again when it is over.</source>
        <translation>أنت في مكالمة. حاول من جديد بعد انتهائها.</translation>
    </message>
    <message>
        <source>You both agreed to talk, but a network in between does not let calls pass. Call again, or try another network.</source>
        <translation>وافقتما على التحدث، لكن شبكة بينكما لا تسمح بمرور المكالمات. أعد الاتصال أو جرّب شبكة أخرى.</translation>
    </message>
    <message>
        <source>You declined the call</source>
        <translation>رفضتَ المكالمة</translation>
    </message>
    <message>
        <source>You gave up before {name} answered</source>
        <translation>ألغيتَ الاتصال قبل أن يرد ⁨{name}⁩</translation>
    </message>
    <message>
        <source>You hung up</source>
        <translation>أنهيتَ المكالمة</translation>
    </message>
    <message>
        <source>You hung up before the call was connected</source>
        <translation>أنهيتَ المكالمة قبل توصيلها</translation>
    </message>
    <message>
        <source>You missed a call from {name}</source>
        <translation>فاتتك مكالمة من ⁨{name}⁩</translation>
    </message>
    <message>
        <source>You were signed out before the call began</source>
        <translation>تم تسجيل خروجك قبل بدء المكالمة</translation>
    </message>
    <message>
        <source>Your microphone hears nothing at all. It may be muted, or Twocan may not use it.</source>
        <translation>لا يلتقط الميكروفون أي صوت. ربما كان مكتومًا، أو لا يُسمح لـ Twocan باستخدامه.</translation>
    </message>
    <message>
        <source>Your phone and that of {name} do not understand each other</source>
        <translation>هاتفك وهاتف ⁨{name}⁩ غير متوافقين</translation>
    </message>
    <message>
        <source>Your phone and that of {name} misunderstood each other</source>
        <translation>حدث سوء تفاهم بين هاتفك وهاتف ⁨{name}⁩</translation>
    </message>
    <message>
        <source>macOS asks whether Twocan may use the camera. Allow it.</source>
        <translation>يسأل macOS هل يُسمح لـ Twocan باستخدام الكاميرا. اسمح بذلك.</translation>
    </message>
    <message>
        <source>macOS keeps the camera from Twocan. Allow it in System Settings, Privacy &amp; Security, Camera.</source>
        <translation>يمنع macOS تطبيق Twocan من استخدام الكاميرا. اسمح بذلك في إعدادات النظام، الخصوصية والأمن، الكاميرا.</translation>
    </message>
    <message>
        <source>{day}, {time}</source>
        <translation>{day}، {time}</translation>
    </message>
    <message>
        <source>{device} could be several cameras. Choose one in the settings.</source>
        <translation>ينطبق ⁨{device}⁩ على أكثر من كاميرا. اختر واحدة في الإعدادات.</translation>
    </message>
    <message>
        <source>{device} could be several devices. Choose one in the settings.</source>
        <translation>ينطبق ⁨{device}⁩ على أكثر من جهاز. اختر واحدًا في الإعدادات.</translation>
    </message>
    <message>
        <source>{device} does not open ({detail}). Close the other program that uses it, or choose another device.</source>
        <translation>تعذّر فتح ⁨{device}⁩ (⁨{detail}⁩). أغلق البرنامج الآخر الذي يستخدمه أو اختر جهازًا آخر.</translation>
    </message>
    <message>
        <source>{device} does not open. Close the other program that uses it.</source>
        <translation>تعذّر فتح ⁨{device}⁩. أغلق البرنامج الآخر الذي يستخدمها.</translation>
    </message>
    <message>
        <source>{device} failed ({detail}). Unplug it, or choose another camera.</source>
        <translation>تعطّلت ⁨{device}⁩ (⁨{detail}⁩). افصلها أو اختر كاميرا أخرى.</translation>
    </message>
    <message>
        <source>{device} gives no pictures. Unplug it and plug it in again.</source>
        <translation>لا تعطي ⁨{device}⁩ أي صورة. افصلها ثم أعد توصيلها.</translation>
    </message>
    <message>
        <source>{device} is unplugged. Plug it in again, or choose another camera.</source>
        <translation>فُصلت ⁨{device}⁩. أعد توصيلها أو اختر كاميرا أخرى.</translation>
    </message>
    <message>
        <source>{device} takes long to open. Unplug it and plug it in again.</source>
        <translation>يستغرق فتح ⁨{device}⁩ وقتًا طويلًا. افصلها ثم أعد توصيلها.</translation>
    </message>
    <message>
        <source>{name} called while you were in another call</source>
        <translation>اتصل ⁨{name}⁩ وأنت في مكالمة أخرى</translation>
    </message>
    <message>
        <source>{name} cannot be reached</source>
        <translation>تعذّر الوصول إلى ⁨{name}⁩</translation>
    </message>
    <message>
        <source>{name} declined the call</source>
        <translation>رفض ⁨{name}⁩ المكالمة</translation>
    </message>
    <message>
        <source>{name} did not answer</source>
        <translation>لم يرد ⁨{name}⁩</translation>
    </message>
    <message>
        <source>{name} gave up before you answered</source>
        <translation>ألغى ⁨{name}⁩ الاتصال قبل أن ترد</translation>
    </message>
    <message>
        <source>{name} hung up</source>
        <translation>أنهى ⁨{name}⁩ المكالمة</translation>
    </message>
    <message>
        <source>{name} hung up before the call was connected</source>
        <translation>أنهى ⁨{name}⁩ المكالمة قبل توصيلها</translation>
    </message>
    <message>
        <source>{name} is in another call</source>
        <translation>⁨{name}⁩ في مكالمة أخرى</translation>
    </message>
</context>
</TS>
