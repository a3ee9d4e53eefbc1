/* seen.h - what a Markdown reader (md4c, GitHub's dialect) sees in a document, for tests of what writes one. */
#ifndef TPLUS_TESTS_SEEN_H
#define TPLUS_TESTS_SEEN_H

#include <stdbool.h>

#include "base/str.h"

struct seen {
	struct str shape; /* blocks and spans as they open and close; links are none: a bare address is one */
	struct str text; /* with a line break behind each block */
	struct str headings; /* "## Impact\n" */
	struct str tables; /* "Time|Event|Actor|\n" */
	size_t cells, empty_cells, html;
	size_t from; /* of the block, in text */
	bool in_head, ended; /* ended: at the example behind a model's document */
};

void see(const char *doc, size_t n, struct seen *s); /* the test fails when it cannot be read */
void seen_free(struct seen *s);

#endif
