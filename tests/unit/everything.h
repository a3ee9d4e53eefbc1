/* everything.h - an incident with a value of its own in every field, list, table and event that a document can show. */
#ifndef TPLUS_TESTS_EVERYTHING_H
#define TPLUS_TESTS_EVERYTHING_H

#include <stdint.h>

#include "model/field.h"
#include "sample.h"

/* In the order in which they were put: "Qz12zQ" is v[12]; or hostile text, which the seed decides on. */
struct values {
	char **v;
	size_t n, cap;
	bool hostile;
};
void values_seed(uint64_t from);
void values_free(struct values *l);

/* A transaction of its own. Sections hold "Section3 text", the third of the catalogue's. */
void full_incident(struct sample *x, const struct catalogue *cat, struct values *l);

/* Those that the program reads, so that they hold a word of its own. */
bool is_read(const struct field_def *f);

#endif
