/* import-read.h - a place in a text, between the readers of dates, zones and clock times. */
#ifndef TPLUS_TEXT_IMPORT_READ_H
#define TPLUS_TEXT_IMPORT_READ_H

#include "text/import-time.h"

struct reader {
	const char *s;
	size_t n, pos;
};

char read_peek(const struct reader *r, size_t ahead);
bool read_digit(char c);
bool read_letter(char c); /* bytes above 7F are letters here: "декабря" */
void read_blanks(struct reader *r);
bool read_text(struct reader *r, const char *text); /* ASCII letters of either case */
bool read_word(struct reader *r, const char *word); /* a whole word */
bool read_number(
	struct reader *r, int min, int max, int *out); /* between min and max digits, and no more of them behind */

bool read_date(struct reader *r, struct doctime *t); /* import-date.c */
void read_zone(struct reader *r, struct doctime *t); /* import-zone.c */

#endif
