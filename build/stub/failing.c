/* Reasons in words, and the question whether to give up. */

#include "stub.h"

#include <stdarg.h>
#include <stdio.h>

bool fail(struct failure *failure, const char *format, ...) {
    if (failure->text[0]) {
        return false;
    }
    va_list values;
    va_start(values, format);
    int length = vsnprintf(failure->text, sizeof failure->text, format, values);
    va_end(values);
    if (length <= 0) {
        failure->text[0] = '?';
    }
    return false;
}

bool fail_damaged(struct failure *failure) {
    return fail(failure, "this download is damaged: download it again");
}
