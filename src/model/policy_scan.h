/* policy_scan.h - the first reading of a policy file: comments blanked out, quotes and braces checked.
 * For policy_file.c only. */
#ifndef TPLUS_MODEL_POLICY_SCAN_H
#define TPLUS_MODEL_POLICY_SCAN_H

#include "model/policy.h"

/* One reading of one file; the caller frees clean and brace. */
struct policy_parse {
	const char *name;
	struct err *err;
	enum status status;
	struct str clean; /* the text, comments blanked out */
	int *brace;       /* lines of the braces that open a severity, in order */
	size_t braces, cap;
};

/* Keeps the first error, as "FILE:LINE: text"; false, so that callers can return it. */
bool policy_bad(struct policy_parse *ps, int line, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Fills clean and brace from text. False: policy_bad was called. */
bool policy_scan(struct policy_parse *ps, const char *text);

#endif
