/**
 * What the button and the toast say, in the languages that the phone speaks, and in its words.
 *
 * `{name}` and the like are filled in by `Words.say`. Whatever comes from a site or from a stranger
 * is set apart from a text of the other direction (by Unicode's isolates), so that a name in Hebrew
 * turns nothing else around.
 */

const LONGEST = 100;
const FIRST_ISOLATE = "\u2068";
const POP_ISOLATE = "\u2069";
/** What is not seen, but changes what is; without the joiners some words and emoji are other ones. */
const UNSEEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

export const TEXTS = {
  en: {
    call: "Call",
    callName: "Call {name}",
    callVideo: "Call {name} with camera",
    free: "free",
    "in-a-call": "in a call",
    away: "away",
    unreachable: "cannot be reached now, will see that you called",
    asking: "Calling…",
    opening: "Twocan opens and calls.",
    network: "The site does not answer. Check your internet connection, then try again.",
    late: "The server did not answer in time. Try again in a moment.",
    signIn: "Sign in first, then try again.",
    wait: "That was too often. Try again in {seconds} s.",
    unknown: "This person cannot be called.",
    failed: "This did not work. Try again in a moment.",
    notOpened: "Twocan did not open",
    doubtful: "Did Twocan open?",
    offer: "Twocan is a small phone: one file, no sign-up. Download it and open it, then this call goes on by itself.",
    download: "Download for {system} ({size} MB)",
    other: "How to get Twocan",
    waiting: "As soon as Twocan is installed, it opens and calls.",
    waitingToAnswer: "As soon as Twocan is installed, it opens, and you can answer.",
    again: "Open Twocan",
    close: "Close",
    somebody: "Somebody",
    calling: "{name} is calling",
    callingVideo: "{name} calls, with camera",
    answer: "Answer",
    decline: "Decline",
    missed: "You missed a call from {name}",
  },
  de: {
    call: "Anrufen",
    callName: "{name} anrufen",
    callVideo: "{name} mit Kamera anrufen",
    free: "frei",
    "in-a-call": "im Gespräch",
    away: "abwesend",
    unreachable: "gerade nicht erreichbar, sieht aber deinen Anruf",
    asking: "Rufe an…",
    opening: "Twocan öffnet sich und ruft an.",
    network: "Die Seite antwortet nicht. Prüfe deine Internetverbindung, und versuch es noch einmal.",
    late: "Der Server hat nicht rechtzeitig geantwortet. Versuch es gleich noch einmal.",
    signIn: "Melde dich erst an, und versuch es dann noch einmal.",
    wait: "Das war zu oft. Versuch es in {seconds} s noch einmal.",
    unknown: "Diese Person kann man nicht anrufen.",
    failed: "Das ging nicht. Versuch es gleich noch einmal.",
    notOpened: "Twocan hat sich nicht geöffnet",
    doubtful: "Hat sich Twocan geöffnet?",
    offer: "Twocan ist ein kleines Telefon: eine Datei, keine Anmeldung. Lade es herunter und öffne es, dann geht dieser Anruf von selbst weiter.",
    download: "Für {system} herunterladen ({size} MB)",
    other: "So bekommst du Twocan",
    waiting: "Sobald Twocan installiert ist, öffnet es sich und ruft an.",
    waitingToAnswer: "Sobald Twocan installiert ist, öffnet es sich, und du kannst annehmen.",
    again: "Twocan öffnen",
    close: "Schließen",
    somebody: "Jemand",
    calling: "{name} ruft an",
    callingVideo: "{name} ruft mit Kamera an",
    answer: "Annehmen",
    decline: "Ablehnen",
    missed: "Du hast einen Anruf von {name} verpasst",
  },
  es: {
    call: "Llamar",
    callName: "Llamar a {name}",
    callVideo: "Llamar a {name} con cámara",
    free: "libre",
    "in-a-call": "en otra llamada",
    away: "ausente",
    unreachable: "no se puede localizar ahora, pero verá tu llamada",
    asking: "Llamando…",
    opening: "Twocan se abre y llama.",
    network: "El sitio no responde. Comprueba tu conexión a internet e inténtalo de nuevo.",
    late: "El servidor no respondió a tiempo. Inténtalo de nuevo en un momento.",
    signIn: "Inicia sesión primero e inténtalo de nuevo.",
    wait: "Demasiadas veces. Inténtalo de nuevo en {seconds} s.",
    unknown: "No se puede llamar a esta persona.",
    failed: "No ha funcionado. Inténtalo de nuevo en un momento.",
    notOpened: "Twocan no se ha abierto",
    doubtful: "¿Se ha abierto Twocan?",
    offer: "Twocan es un teléfono pequeño: un solo archivo, sin registro. Descárgalo y ábrelo; la llamada seguirá sola.",
    download: "Descargar para {system} ({size} MB)",
    other: "Cómo obtener Twocan",
    waiting: "En cuanto Twocan esté instalado, se abrirá y llamará.",
    waitingToAnswer: "En cuanto Twocan esté instalado, se abrirá y podrás contestar.",
    again: "Abrir Twocan",
    close: "Cerrar",
    somebody: "Alguien",
    calling: "{name} te llama",
    callingVideo: "{name} llama con cámara",
    answer: "Contestar",
    decline: "Rechazar",
    missed: "Tienes una llamada perdida de {name}",
  },
  zh: {
    call: "呼叫",
    callName: "呼叫 {name}",
    callVideo: "视频呼叫 {name}",
    free: "空闲",
    "in-a-call": "正在通话中",
    away: "离开",
    unreachable: "暂时无法联系到，但会看到您的来电",
    asking: "正在呼叫…",
    opening: "Twocan 将打开并呼叫。",
    network: "网站没有响应。请检查网络连接，然后重试。",
    late: "服务器没有及时响应。请稍后再试。",
    signIn: "请先登录，然后重试。",
    wait: "操作过于频繁。请在 {seconds} 秒后重试。",
    unknown: "无法呼叫此人。",
    failed: "未能成功。请稍后再试。",
    notOpened: "Twocan 没有打开",
    doubtful: "Twocan 打开了吗？",
    offer: "Twocan 是一个小巧的电话：只有一个文件，无需注册。下载并打开后，此通话会自动继续。",
    download: "下载 {system} 版（{size} MB）",
    other: "如何获取 Twocan",
    waiting: "Twocan 安装好后会自动打开并呼叫。",
    waitingToAnswer: "Twocan 安装好后会自动打开，您即可接听。",
    again: "打开 Twocan",
    close: "关闭",
    somebody: "某人",
    calling: "{name} 来电",
    callingVideo: "{name} 发起视频通话",
    answer: "接听",
    decline: "拒接",
    missed: "您错过了 {name} 的来电",
  },
  ar: {
    call: "اتصال",
    callName: "اتصال بـ {name}",
    callVideo: "اتصال بالفيديو بـ {name}",
    free: "متاح",
    "in-a-call": "في مكالمة أخرى",
    away: "بعيد",
    unreachable: "تعذّر الوصول الآن، وستظهر مكالمتك لاحقًا",
    asking: "جارٍ الاتصال…",
    opening: "يُفتح Twocan ويتصل.",
    network: "الموقع لا يستجيب. تحقق من اتصالك بالإنترنت ثم حاول من جديد.",
    late: "لم يرد الخادم في الوقت المناسب. حاول من جديد بعد قليل.",
    signIn: "سجّل الدخول أولًا ثم حاول من جديد.",
    wait: "محاولات كثيرة. حاول من جديد بعد {seconds} ث.",
    unknown: "لا يمكن الاتصال بهذا الشخص.",
    failed: "لم ينجح ذلك. حاول من جديد بعد قليل.",
    notOpened: "لم يُفتح Twocan",
    doubtful: "هل فُتح Twocan؟",
    offer: "Twocan هاتف صغير: ملف واحد بلا تسجيل. نزّله وافتحه لتستمر هذه المكالمة تلقائيًا.",
    download: "تنزيل لنظام {system} ({size} MB)",
    other: "كيف تحصل على Twocan",
    waiting: "ما إن يُثبَّت Twocan حتى يُفتح ويتصل.",
    waitingToAnswer: "ما إن يُثبَّت Twocan حتى يُفتح ويمكنك الرد.",
    again: "فتح Twocan",
    close: "إغلاق",
    somebody: "شخص ما",
    calling: "{name} يتصل بك",
    callingVideo: "{name} يتصل بك بالفيديو",
    answer: "رد",
    decline: "رفض",
    missed: "فاتتك مكالمة من {name}",
  },
};

const FROM_THE_RIGHT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** One line that a stranger wrote, short, and without what is not seen. */
export function plain(text, longest = LONGEST) {
  const start = String(text ?? "").slice(0, 10 * longest);
  const seen = start.replace(/\s+/g, " ").replace(UNSEEN, "").trim();
  return Array.from(seen).slice(0, longest).join("");
}

/** The texts of one language. */
export class Words {
  constructor(language) {
    this.language = language;
    this.direction = language === "ar" ? "rtl" : "ltr";
  }

  /** Of the element's `lang`, else of the nearest around it, else of the visitor's languages. */
  static of(element) {
    const named = [];
    for (let each = element; each; each = each.parentElement ?? each.getRootNode().host) {
      if (each.getAttribute("lang")) named.push(each.getAttribute("lang"));
    }
    const asked = [...named.slice(0, 1), ...(navigator.languages ?? [])];
    const short = asked.map((each) => each.toLowerCase().split(/[-_]/)[0]);
    return new Words(short.find((each) => Object.hasOwn(TEXTS, each)) ?? "en");
  }

  /** The text, with `values` in the places that it has for them. */
  say(name, values = {}) {
    return TEXTS[this.language][name].replace(
      /\{(\w+)\}/g,
      (_, each) => this.#apart(plain(values[each])),
    );
  }

  #apart(value) {
    const alike = this.direction === "ltr" && !FROM_THE_RIGHT.test(value);
    return alike ? value : FIRST_ISOLATE + value + POP_ISOLATE;
  }
}
