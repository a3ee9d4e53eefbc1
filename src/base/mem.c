#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"

/* No stdio here: it may want memory itself. exit() and not abort(), so that the terminal is put back. */
static _Noreturn void out_of_memory(void)
{
	static const char text[] = "tplus: out of memory: what was saved is safe; "
				   "end other programs and start again\n";
	ssize_t written = write(STDERR_FILENO, text, sizeof text - 1);

	(void)written;
	exit(ST_IO);
}

void *xmalloc(size_t n)
{
	void *p = malloc(n ? n : 1);

	if (!p)
		out_of_memory();
	return p;
}

void *xcalloc(size_t n, size_t size)
{
	void *p = n && size ? calloc(n, size) : calloc(1, 1);

	if (!p)
		out_of_memory();
	return p;
}

void *xrealloc(void *p, size_t n)
{
	void *q = realloc(p, n ? n : 1);

	if (!q)
		out_of_memory();
	return q;
}

void *xgrow(void *p, size_t *cap, size_t need, size_t size)
{
	size_t limit = size ? (size_t)PTRDIFF_MAX / size : (size_t)PTRDIFF_MAX;
	size_t to = *cap ? *cap : 8;

	if (need <= *cap)
		return p;
	if (need > limit)
		out_of_memory();
	while (to < need)
		to = to > limit / 2 ? limit : to * 2;
	p = xrealloc(p, to * size);
	*cap = to;
	return p;
}

char *xstrdup(const char *s)
{
	return s ? xstrndup(s, strlen(s)) : NULL;
}

char *xstrndup(const char *s, size_t n)
{
	size_t len = s ? strnlen(s, n) : 0;
	char *copy;

	if (!s)
		return NULL;
	copy = xmalloc(len + 1);
	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}
