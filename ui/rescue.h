/* rescue.h - the terminal put back as it was when the program crashes or exits in the middle: from signal handlers and atexit. */
#ifndef TPLUS_UI_RESCUE_H
#define TPLUS_UI_RESCUE_H

#include <stddef.h>
#include <termios.h>

/* From now on a crash writes text to fd and sets its modes. The first call installs the handlers; later ones arm again. */
void rescue_arm(int fd, const struct termios *modes, const char *text, size_t n);
void rescue_disarm(void);

#endif
