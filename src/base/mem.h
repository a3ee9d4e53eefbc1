/* mem.h - allocation that cannot fail: out of memory ends the program with a message.
 * Everything acknowledged is on disk by then, so there is nothing to unwind. */
#ifndef TPLUS_BASE_MEM_H
#define TPLUS_BASE_MEM_H

#include <stddef.h>

void *xmalloc(size_t n);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t n);              /* n bytes */
void *xgrow(void *p, size_t *cap, size_t need, size_t size); /* doubles *cap (elements) until it holds need */
char *xstrdup(const char *s);                   /* NULL stays NULL */
char *xstrndup(const char *s, size_t n);

#endif
