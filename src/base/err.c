#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/utf8.h"

enum status fail(struct err *err, enum status status, const char *fmt, ...)
{
	char text[sizeof err->text + 3]; /* apart, since fmt may quote err->text; 3 more to see a cut character whole */
	size_t len;
	va_list ap;

	if (!err)
		return status;
	va_start(ap, fmt);
	if (vsnprintf(text, sizeof text, fmt, ap) < 0)
		text[0] = '\0';
	va_end(ap);
	len = utf8_cut(text, strlen(text), sizeof err->text - 1);
	memcpy(err->text, text, len);
	err->text[len] = '\0';
	err->status = status;
	return status;
}
