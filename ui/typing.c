#include <string.h>

#include "base/utf8.h"
#include "ui/typing.h"

static const struct { enum act act; void (*edit)(struct edit *e); } edits[] = {
	{ ACT_LEFT, edit_left }, { ACT_RIGHT, edit_right }, { ACT_WORD_LEFT, edit_word_left }, { ACT_WORD_RIGHT, edit_word_right },
	{ ACT_LINE_START, edit_line_start }, { ACT_LINE_END, edit_line_end }, { ACT_BACKSPACE, edit_backspace }, { ACT_DELETE, edit_delete },
	{ ACT_KILL_WORD, edit_kill_word }, { ACT_KILL_START, edit_kill_start },
};

bool typing_key(struct edit *e, enum act a, const struct key *k, usec now)
{
	for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
		if (edits[i].act == a) {
			edits[i].edit(e);
			return true;
		}
	}
	if (k->code == K_PASTE)
		edit_insert(e, k->text, strcspn(k->text, "\n"), now);
	else if (key_is_text(k))
		edit_insert(e, k->bytes, k->n, now);
	else
		return false;
	return true;
}

void typing_add(struct row *r, enum style style, const struct edit *e, int cols)
{
	struct edit_view v;
	struct str cells = STR_INIT;

	edit_view(e, cols, 1, &v);
	for (size_t at = v.lines ? v.line[0].from : 0, n; v.lines && at < v.line[0].to; at += n) {
		n = cluster_next(e->text.s + at, v.line[0].to - at);
		edit_cluster(&cells, e->text.s + at, n);
	}
	row_add(r, style, cells.s);
	str_free(&cells);
}

int typing_column(const struct edit *e, int cols)
{
	struct edit_view v;

	edit_view(e, cols, 1, &v);
	return v.cur_col;
}

static bool has(const char *s, const char *word, size_t n)
{
	char w[128];

	if (!s)
		return false;
	n = n < sizeof w ? n : sizeof w - 1;
	memcpy(w, word, n);
	w[n] = '\0';
	return strcasestr(s, w) != NULL;
}

bool typing_matches(const struct edit *e, const char *const *in, size_t n)
{
	const char *s = e->text.s;

	for (s += strspn(s, " "); *s; s += strspn(s, " ")) {
		size_t len = strcspn(s, " ");
		bool found = false;

		for (size_t i = 0; i < n && !found; i++)
			found = has(in[i], s, len);
		if (!found)
			return false;
		s += len;
	}
	return true;
}
