/* expect.c - what a flow expects to see. Expectations wait until they hold. Numbers of rows and columns are those of flow files: from 1, or from the
 * end when negative. */
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/screen/flow.h"

long long flow_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/* Waits for cond; it leaves the reason in f->why while it does not hold. Nothing changes any more once the program has ended and all it wrote
 * is read, so then the answer is final. */
typedef bool condition(struct flow *f, const struct words *w);
bool flow_eventually(struct flow *f, const struct words *w, condition *cond)
{
	long long end = flow_now() + f->wait_ms;

	for (;;) {
		long long left = end - flow_now();
		bool final = left <= 0 || (f->vt.eof && f->vt.pid == 0);

		if (cond(f, w))
			return true;
		if (final)
			return false;
		vt_pump(&f->vt, (int)left);
	}
}

bool flow_number(const char *s, int *out)
{
	char *end;
	long n = strtol(s, &end, 10);

	if (!*s || *end || n < -100000 || n > 1000000000)
		return false;
	*out = (int)n;
	return true;
}

/* "ROW": from 1, or -1 for the last one; to an index from 0. */
bool flow_row(const struct flow *f, const char *s, int *row)
{
	if (!flow_number(s, row) || *row == 0 || *row > f->rows || *row < -f->rows)
		return false;
	*row += *row > 0 ? -1 : f->rows;
	return true;
}

bool flow_col(const struct flow *f, const char *s, int *col)
{
	if (!flow_number(s, col) || *col == 0 || *col > f->cols || *col < -f->cols)
		return false;
	*col += *col > 0 ? -1 : f->cols;
	return true;
}

bool flow_program(struct flow *f)
{
	return f->vt.term || flow_fail(f, "no program was started");
}

bool flow_shows(struct flow *f, const struct words *w)
{
	char text[VT_ROW_BYTES];
	int from = 0, to = f->rows - 1;

	if (w->n > 3 && (strcmp(w->word[2], "row") != 0 || !flow_row(f, w->word[3], &from)))
		return flow_fail(f, "write \"TEXT\" row ROW, with a row on the screen");
	if (w->n > 3)
		to = from;
	for (int r = from; r <= to; r++) {
		vt_row(&f->vt, r, text);
		if (strstr(text, w->word[1]))
			return true;
	}
	return flow_fail(f, "not on the screen: \"%s\"", w->word[1]);
}

bool flow_shows_not(struct flow *f, const struct words *w)
{
	return !flow_shows(f, w) || flow_fail(f, "still on the screen: \"%s\"", w->word[1]);
}

bool flow_row_is(struct flow *f, const struct words *w)
{
	char text[VT_ROW_BYTES];
	int row;

	if (!flow_row(f, w->word[1], &row))
		return flow_fail(f, "no such row: %s", w->word[1]);
	vt_row(&f->vt, row, text);
	return strcmp(text, w->word[2]) == 0 ||
	       flow_fail(f, "row %s differs\nexpected: %s\n     got: %s", w->word[1], w->word[2], text);
}

static bool colour_is(const VTermColor *c, const char *want)
{
	bool plain = VTERM_COLOR_IS_DEFAULT_FG(c) || VTERM_COLOR_IS_DEFAULT_BG(c);

	if (strcmp(want, "default") == 0)
		return plain;
	return !plain && VTERM_COLOR_IS_INDEXED(c) && c->indexed.idx == atoi(want);
}

/* reverse, !bold, fg=4, bg=default … ; -1: no such attribute */
static int attribute(const VTermScreenCell *c, const char *word)
{
	bool no = word[0] == '!';
	const char *name = word + no;
	const struct {
		const char *name;
		bool on;
	} all[] = { { "reverse", c->attrs.reverse }, { "bold", c->attrs.bold },
		{ "underline", c->attrs.underline != 0 }, { "italic", c->attrs.italic }, { "blink", c->attrs.blink },
		{ "strike", c->attrs.strike } };

	if (strncmp(name, "fg=", 3) == 0)
		return colour_is(&c->fg, name + 3) != no;
	if (strncmp(name, "bg=", 3) == 0)
		return colour_is(&c->bg, name + 3) != no;
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (strcmp(name, all[i].name) == 0)
			return all[i].on != no;
	return -1;
}

bool flow_attr(struct flow *f, const struct words *w)
{
	VTermScreenCell cell;
	int row, col;

	if (!flow_row(f, w->word[1], &row) || !flow_col(f, w->word[2], &col) || !vt_cell(&f->vt, row, col, &cell))
		return flow_fail(f, "not a place on the screen");
	for (int i = 3; i < w->n; i++) {
		int has = attribute(&cell, w->word[i]);

		if (has < 0)
			return flow_fail(f, "unknown attribute: %s", w->word[i]);
		if (!has)
			return flow_fail(f, "row %s column %s is not %s", w->word[1], w->word[2], w->word[i]);
	}
	return true;
}

bool flow_cursor(struct flow *f, const struct words *w)
{
	int row, col, want_row, want_col;

	if (w->n == 2)
		return f->vt.cursor_visible == (strcmp(w->word[1], "on") == 0) ||
		       flow_fail(f, "the cursor is not %s", w->word[1]);
	if (!flow_row(f, w->word[1], &want_row) || !flow_col(f, w->word[2], &want_col))
		return flow_fail(f, "not a place on the screen");
	vt_cursor(&f->vt, &row, &col);
	return (row == want_row && col == want_col) ||
	       flow_fail(f, "the cursor is at row %d column %d", row + 1, col + 1);
}

static bool found(const struct bytes *b, const char *s)
{
	return memmem(b->s, b->len, s, strlen(s)) != NULL;
}

bool flow_wrote(struct flow *f, const struct words *w)
{
	return found(&f->vt.output, w->word[1]) || flow_fail(f, "the program has not written it since the mark");
}

bool flow_unwritten(struct flow *f, const struct words *w)
{
	if (!flow_program(f))
		return false;
	return !found(&f->vt.output, w->word[1]) || flow_fail(f, "the program has written it since the mark");
}

bool flow_atmost(struct flow *f, const struct words *w)
{
	size_t got = strcmp(w->word[1], "bytes") == 0 ? f->vt.output.len : f->vt.reads;
	int most;

	if ((strcmp(w->word[1], "bytes") != 0 && strcmp(w->word[1], "writes") != 0) || !flow_number(w->word[2], &most))
		return flow_fail(f, "write atmost bytes N, or atmost writes N");
	return got <= (size_t)most || flow_fail(f, "%zu %s since the mark, expected at most %d", got, w->word[1], most);
}

/* --- A whole screen: literal rows, up to a line "end" --- */

static bool row_fits(const char *pattern, const char *row)
{
	char text[VT_ROW_BYTES];
	size_t len = 0;
	regex_t re;
	bool fits;

	if (pattern[0] == '|') {
		snprintf(text, sizeof text, "%s", pattern + 1 + (pattern[1] == ' '));
		for (len = strlen(text); len > 0 && text[len - 1] == ' '; len--)
			text[len - 1] = '\0';
		return strcmp(text, row) == 0;
	}
	if (regcomp(&re, pattern + 1 + (pattern[1] == ' '), REG_EXTENDED | REG_NOSUB) != 0)
		return false;
	fits = regexec(&re, row, 0, NULL, 0) == 0;
	regfree(&re);
	return fits;
}

/* Do the patterns from p on fit the rows from row on? "*" stands for any number of rows; rows left over at the end must be blank. */
static bool rows_fit(const struct vt *vt, const struct words *w, int p, int row, int *bad)
{
	char text[VT_ROW_BYTES];

	for (; row < vt->rows || p < w->n; p++, row++) {
		if (p < w->n && w->word[p][0] == '*') {
			for (int r = row; r <= vt->rows; r++)
				if (rows_fit(vt, w, p + 1, r, bad))
					return true;
			return false;
		}
		*bad = row;
		if (row >= vt->rows)
			return false;
		vt_row(vt, row, text);
		if (p < w->n ? !row_fits(w->word[p], text) : text[0] != '\0')
			return false;
	}
	return true;
}

static bool screen_is(struct flow *f, const struct words *w)
{
	int bad = 0;

	return rows_fit(&f->vt, w, 0, 0, &bad) || flow_fail(f, "the screen differs, first at row %d", bad + 1);
}

/* Reads the block that follows; its lines take the place of the words. */
bool flow_screen(struct flow *f, const struct words *unused)
{
	static struct words block;
	static char lines[FLOW_LINE];
	size_t used = 0;
	int at = f->line;
	bool good;

	(void)unused;
	if (!flow_program(f))
		return false;
	for (block.n = 0; fgets(lines + used, (int)(sizeof lines - used), f->in); block.n++) {
		char *line = lines + used;

		at++;
		line[strcspn(line, "\n")] = '\0';
		if (strcmp(line, "end") == 0)
			break;
		if (!strchr("|~*", line[0]) || !line[0])
			return flow_fail(f, "line %d: rows begin with \"| \", \"~ \" or \"*\"", at);
		if (block.n == FLOW_WORDS)
			return flow_fail(f, "more than %d rows", FLOW_WORDS);
		block.word[block.n] = line;
		used += strlen(line) + 1;
	}
	good = flow_eventually(f, &block, screen_is);
	f->line = good ? at : f->line;
	return good;
}
