#include <string.h>

#include "text/escape-walk.h"

static enum md_line line_after_start(char c)
{
	switch (c) {
	case ' ': case '\t': case '>': case '\r':
		return MD_START;
	case '-': case '+': case '*':
		return MD_MARK;
	case '#':
		return MD_HASH;
	case '|':
		return MD_CELL;
	case '<':
		return MD_HTML;
	default:
		return is_digit(c) ? MD_DIGITS : MD_TEXT;
	}
}

static enum md_line line_after(enum md_line line, char c)
{
	switch (line) {
	case MD_START:
		return line_after_start(c);
	case MD_DIGITS:
		return is_digit(c) ? MD_DIGITS : c == '.' || c == ')' ? MD_MARK : MD_TEXT;
	case MD_MARK:
		return is_blank(c) ? MD_START : MD_TEXT;
	case MD_HASH:
		return c == '#' ? MD_HASH : is_blank(c) ? MD_HEADING : MD_TEXT;
	default:
		return line;
	}
}

static bool is_task_box(const char *s, size_t n)
{
	return n >= 4 && s[0] == '[' && strchr(" xX", s[1]) && s[1] && s[2] == ']' && s[3] == ' ';
}

/* md_escape() writes some web addresses like that. */
static bool is_autolink(const char *s, size_t n)
{
	return n > 5 && (memcmp(s, "<http", 5) == 0 || memcmp(s, "<ftp:", 5) == 0);
}

void md_track(struct md_place *at, const char *s, size_t n)
{
	const char *newline = n > 0 ? memrchr(s, '\n', n) : NULL;

	if (n == 0)
		return;
	at->before = s[n - 1];
	if (newline) {
		n -= (size_t)(newline + 1 - s);
		s = newline + 1;
		at->line = MD_START;
		at->col = at->indent = 0;
	}
	for (size_t i = 0; i < n && at->line <= MD_HASH; i++) {
		if (at->line == MD_START && is_task_box(s + i, n - i)) {
			i += 3;
			continue;
		}
		at->line = (uint8_t)(is_autolink(s + i, n - i) ? MD_TEXT : line_after((enum md_line)at->line, s[i]));
		if (at->col < UINT8_MAX)
			at->col++;
		if (at->line == MD_START)
			at->indent = at->col;
	}
}
