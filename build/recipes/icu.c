/* What Qt asks of ICU, without ICU, whose tables of all languages are 39 MB.
 *
 * Whatever is opened fails with U_UNSUPPORTED_ERROR, after which Qt does without: it compares texts by
 * their code points, writes them in capitals by Unicode's rules of no language, names time zones as
 * they are called by CLDR or by their distance from UTC, and knows the encodings that are its own
 * (UTF-8, -16, -32, Latin-1). Numbers, dates and plurals are Qt's own tables, shaping of letters is
 * HarfBuzz's, breaking of lines is Qt's: they do not change.
 *
 * So nothing below "Never reached" is ever called, but the linker wants all of it. Types are those of
 * ICU's C interface (unicode/utypes.h), the names end in its version, which is that of Qt's wheel.
 */
#include <stdint.h>
#include <stddef.h>

#define ICU(name) name##_73

enum { UNSUPPORTED = 16 }; /* U_UNSUPPORTED_ERROR */

typedef int32_t Status;
typedef uint16_t Unit; /* of UTF-16 */

static void refuse(Status *status) {
    if (status)
        *status = UNSUPPORTED;
}

/* Refused: small and capital letters in the way of a language */

int32_t ICU(u_strToLower)(Unit *to, int32_t room, const Unit *text, int32_t length,
                          const char *language, Status *status) {
    refuse(status);
    return 0;
}

int32_t ICU(u_strToUpper)(Unit *to, int32_t room, const Unit *text, int32_t length,
                          const char *language, Status *status) {
    refuse(status);
    return 0;
}

/* Refused: time zones */

void *ICU(ucal_open)(const Unit *zone, int32_t length, const char *language, int kind,
                     Status *status) {
    refuse(status);
    return NULL;
}

int32_t ICU(ucal_getCanonicalTimeZoneID)(const Unit *zone, int32_t length, Unit *to, int32_t room,
                                         int8_t *by_system, Status *status) {
    refuse(status);
    return 0;
}

/* Refused: the order of words in a language */

void *ICU(ucol_open)(const char *language, Status *status) {
    refuse(status);
    return NULL;
}

/* Refused: encodings, of which there are none */

void *ICU(ucnv_open)(const char *encoding, Status *status) {
    refuse(status);
    return NULL;
}

int32_t ICU(ucnv_countAvailable)(void) { return 0; }

const char *ICU(ucnv_getAvailableName)(int32_t index) { return NULL; }

const char *ICU(ucnv_getStandardName)(const char *name, const char *standard, Status *status) {
    refuse(status);
    return NULL;
}

/* Never reached: what is done with something that was opened */

void ICU(ucal_close)(void *calendar) {}

int32_t ICU(ucal_getTimeZoneDisplayName)(const void *calendar, int kind, const char *language,
                                         Unit *to, int32_t room, Status *status) {
    refuse(status);
    return 0;
}

void ICU(ucol_close)(void *collator) {}

void ICU(ucol_setAttribute)(void *collator, int attribute, int value, Status *status) {
    refuse(status);
}

int32_t ICU(ucol_getSortKey)(const void *collator, const Unit *text, int32_t length, uint8_t *to,
                             int32_t room) {
    return 0;
}

int ICU(ucol_strcoll)(const void *collator, const Unit *one, int32_t length, const Unit *other,
                      int32_t other_length) {
    return 0;
}

void ICU(ucnv_close)(void *converter) {}

void ICU(ucnv_reset)(void *converter) {}

const char *ICU(ucnv_getName)(const void *converter, Status *status) {
    refuse(status);
    return NULL;
}

int8_t ICU(ucnv_getMaxCharSize)(const void *converter) { return 4; }

int32_t ICU(ucnv_fromUCountPending)(const void *converter, Status *status) {
    refuse(status);
    return 0;
}

int32_t ICU(ucnv_toUCountPending)(const void *converter, Status *status) {
    refuse(status);
    return 0;
}

void ICU(ucnv_fromUnicode)(void *converter, char **to, const char *end, const Unit **from,
                           const Unit *from_end, int32_t *offsets, int8_t flush, Status *status) {
    refuse(status);
}

void ICU(ucnv_toUnicode)(void *converter, Unit **to, const Unit *end, const char **from,
                         const char *from_end, int32_t *offsets, int8_t flush, Status *status) {
    refuse(status);
}

typedef void (*Callback)(void);

void ICU(ucnv_getFromUCallBack)(const void *converter, Callback *action, const void **context) {
    *action = NULL;
    *context = NULL;
}

void ICU(ucnv_getToUCallBack)(const void *converter, Callback *action, const void **context) {
    *action = NULL;
    *context = NULL;
}

void ICU(ucnv_setFromUCallBack)(void *converter, Callback action, const void *context,
                                Callback *before, const void **context_before, Status *status) {
    refuse(status);
}

void ICU(ucnv_setToUCallBack)(void *converter, Callback action, const void *context,
                              Callback *before, const void **context_before, Status *status) {
    refuse(status);
}

void ICU(ucnv_cbFromUWriteUChars)(void *arguments, const Unit **from, const Unit *end,
                                  int32_t offset, Status *status) {
    refuse(status);
}

void ICU(ucnv_cbToUWriteUChars)(void *arguments, const Unit *from, int32_t length, int32_t offset,
                                Status *status) {
    refuse(status);
}

void ICU(UCNV_FROM_U_CALLBACK_SUBSTITUTE)(void) {}

void ICU(UCNV_TO_U_CALLBACK_SUBSTITUTE)(void) {}
