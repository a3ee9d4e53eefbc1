/* attr.h - attributes at the end of a text: "Fix it @sam P0 due:7d success:no query over 500 ms". Pure. Inside src/verb only. */
#ifndef TPLUS_VERB_ATTR_H
#define TPLUS_VERB_ATTR_H

#include <stdbool.h>
#include <stddef.h>

enum { ATTRS = 10 }; /* of one verb, at most */

/* Written NAME:VALUE, without a space between. words: the value goes on to the next attribute, or to the end. */
struct attr { const char *name; bool words; };

struct attr_set {
	struct attr def[ATTRS];                 /* ends with name NULL */
	int (*bare)(const char *word);          /* the row of a word that is an attribute as it stands, -1; may be NULL */
};

/* What stands before the attributes, and their values by row; NULL: not given. Quotes around a value are gone. Each counts once: of two the one
 * further right, and the other is text. An attribute of one word in front of which plain words follow is text, too. */
struct attr_split { char *text; char *value[ATTRS]; };
/* first_is_text: the first word never is an attribute. */
void attr_split(const struct attr_set *set, const char *text, bool first_is_text, struct attr_split *out);
void attr_split_free(struct attr_split *s);

#endif
