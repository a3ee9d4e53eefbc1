/* osc.h - operating system commands: what terminals do besides showing text. People's text is sanitised here. Pure. */
#ifndef TPLUS_UI_OSC_H
#define TPLUS_UI_OSC_H

#include <stdbool.h>

#include "base/str.h"

#define OSC_TITLE_KEEP "\033[22;2t" /* the title that stands there now, on the terminal's stack */
#define OSC_TITLE_BACK "\033[23;2t"

bool osc_known(const char *term);                     /* a terminal of that name takes them, or swallows what it does not know */
void osc_title(struct str *out, const char *text);
void osc_notify(struct str *out, const char *text);   /* OSC 9 */
void osc_copy(struct str *out, const char *text, size_t n); /* OSC 52: into the clipboard, the bytes as they are */

#endif
