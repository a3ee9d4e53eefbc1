/* input.h - bytes from the terminal to keys. The only user of libtermkey.
 * Bytes are framed here first (escape sequences, paste, mouse, focus), so that nothing malformed or endless ever reaches the library; what it gets
 * is one whole sequence at a time. */
#ifndef TPLUS_UI_INPUT_H
#define TPLUS_UI_INPUT_H

#include "base/err.h"
#include "ui/keys.h"

struct input;
typedef void input_fn(void *arg, const struct key *k); /* takes over k->text */

enum status input_new(struct input **out, const char *term, bool utf8, input_fn *fn, void *arg, struct err *err);
void input_free(struct input *in);
void input_feed(struct input *in, const char *bytes, size_t n);

/* Something incomplete is held back: call input_timeout after that many milliseconds without further bytes; 0: nothing is. */
int input_wait_ms(const struct input *in);
void input_timeout(struct input *in); /* a lone ESC is the key; a partial sequence is dropped; an unfinished paste is delivered */

#endif
