/* str.h - a growable byte string.
 * Invariants: after str_init or STR_INIT, s is never NULL and s[len] is NUL (the bytes before it may hold NULs too).
 * Ownership: the struct owns s until str_take hands it to the caller, who frees it with free(). */
#ifndef TPLUS_BASE_STR_H
#define TPLUS_BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
	char *s;
	size_t len, cap; /* bytes; cap 0 means s is not on the heap */
};

extern char str_empty[1];
#define STR_INIT { str_empty, 0, 0 }

void str_init(struct str *b);
void str_free(struct str *b);  /* back to STR_INIT */
void str_reset(struct str *b); /* empties, keeps the memory */
char *str_take(struct str *b); /* the string, heap allocated, now the caller's; b is empty again */
void str_cut(struct str *b, size_t len); /* shortens to len bytes */

void str_add(struct str *b, const void *bytes, size_t n);
void str_adds(struct str *b, const char *s); /* NULL adds nothing */
void str_addc(struct str *b, char c);
void str_addn(struct str *b, char c, size_t times);
void str_addf(struct str *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void str_addv(struct str *b, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
char *str_fmt(const char *fmt, ...) __attribute__((format(printf, 1, 2))); /* heap allocated */

/* Plain C string helpers. */
bool str_eq(const char *a, const char *b);  /* NULL equals only NULL */
bool str_ieq(const char *a, const char *b); /* ASCII case folded */
bool str_starts(const char *s, const char *prefix);
size_t str_hex(char *out, const uint8_t *bytes, size_t n); /* writes 2n digits, lower case, and a NUL */
bool str_unhex(uint8_t *out, size_t n, const char *hex);   /* exactly 2n digits, either case */
unsigned str_distance(const char *a, const char *b);       /* Damerau-Levenshtein on bytes, for "did you mean" */

#endif
