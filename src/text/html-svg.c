/* html-svg.c - the timeline as a picture. Whole units only, so that it comes out the same everywhere. */
#include <string.h>

#include "base/utf8.h"
#include "base/when.h"
#include "text/html.h"

enum {
	WIDTH = 1000,
	LEFT = 90,
	RIGHT = 830,
	LETTER = 7,
	AXIS = 20,
	BAR = 30,
	BAR_HEIGHT = 26,
	ROW = 18,
	TEXT_MAX = 160,
	TICKS = 8
};
enum { MARKS = MS_COUNT + 1, SCAN = 2000 };

struct mark {
	int milestone;
	usec at;
	int approx_s;
};

struct picture {
	struct str *out;
	const struct zone *zone;
	usec from, to;
	struct mark mark[MARKS]; /* by time */
	size_t marks;
	struct severity_steps steps;
	struct policy policy;
	int y; /* of what is drawn next */
	struct str said; /* all of it as text */
};

/* ---- what there is ---- */

static void widen(struct picture *p, usec t)
{
	if (t == USEC_NONE)
		return;
	if (p->from == USEC_NONE || t < p->from)
		p->from = t;
	if (p->to == USEC_NONE || t > p->to)
		p->to = t;
}

static void add_mark(struct picture *p, int milestone, usec at, int approx_s)
{
	size_t k = p->marks;

	if (at == USEC_NONE)
		return;
	widen(p, at);
	for (; k > 0 && p->mark[k - 1].at > at; k--)
		p->mark[k] = p->mark[k - 1];
	p->mark[k] = (struct mark){ milestone, at, approx_s };
	p->marks++;
}

static enum status find_ends(struct picture *p, struct store *s, uuid incident, struct err *err)
{
	struct events first;
	struct event last;
	enum status st = q_events_after(s, incident, event_key_first, 1, &first, err);

	if (st != ST_OK)
		return st;
	for (size_t i = 0; i < first.n; i++)
		widen(p, first.v[i].occurred_at);
	events_free(&first);
	st = q_event_last(s, incident, &last, err);
	if (st == ST_OK) {
		widen(p, last.occurred_at);
		event_clear(&last);
	}
	return st == ST_NO ? ST_OK : st;
}

static enum status load(struct picture *p, struct store *s, const struct incident *i, struct err *err)
{
	enum status st = find_ends(p, s, i->entity, err);

	if (st == ST_OK)
		st = q_policy(s, i->entity, i->severity, &p->policy, err);
	if (st == ST_OK)
		st = q_severity_steps(s, i->entity, &p->steps, err);
	if (st != ST_OK)
		return st;
	for (int m = 0; m < MS_COUNT; m++)
		add_mark(p, m, i->ms.at[m], i->ms.approx_s[m]);
	add_mark(p, MS_REOPEN, i->ms.reopened_at, 0);
	for (size_t k = 0; k < p->steps.n; k++)
		widen(p, p->steps.v[k].at);
	if (p->from == USEC_NONE)
		widen(p, i->opened_at);
	if (p->to == p->from) /* a moment is a minute wide */
		p->to = p->from + USEC_MIN;
	return ST_OK;
}

/* ---- pieces ---- */

static int x_of(const struct picture *p, usec t)
{
	double share = (double)(t - p->from) / (double)(p->to - p->from);

	return t <= p->from ? LEFT : t >= p->to ? RIGHT : LEFT + (int)(share * (RIGHT - LEFT));
}

/* People's text on one line, not too long. */
static void put_line(struct str *out, const char *s)
{
	size_t n = s ? strlen(s) : 0, keep = utf8_cut(s, n, TEXT_MAX);
	struct str line = STR_INIT;

	str_add(&line, s, keep);
	str_adds(&line, keep < n ? "\xe2\x80\xa6" : "");
	for (size_t i = 0; i < line.len; i++)
		if (strchr("\t\r\n", line.s[i]))
			line.s[i] = ' ';
	html_escape(out, line.s, line.len);
	str_free(&line);
}

static void put_time(struct str *out, const struct picture *p, usec t, int approx_s)
{
	struct str text = STR_INIT;

	when_fmt_full(&text, t, p->zone);
	str_adds(out, approx_s ? "~" : "");
	html_escape(out, text.s, text.len);
	str_free(&text);
}

static void lane(struct picture *p, const char *name, int y)
{
	str_addf(p->out, "<text class=\"soft\" x=\"0\" y=\"%d\">%s</text>\n", y, name);
}

/* A bar with its name where it fits; title is finished text. */
static void bar(
	struct picture *p, usec from, usec to, const char *class, const struct str *title, const char *const name[2])
{
	int x = x_of(p, from), w = x_of(p, to) - x;

	str_addf(p->out, "<g><title>%s</title><rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>",
		title->s, class, x, p->y, w > 0 ? w : 1, BAR_HEIGHT);
	for (int i = 0; i < 2; i++)
		if ((int)strlen(name[i]) * LETTER + 8 <= w) {
			str_addf(p->out, "<text x=\"%d\" y=\"%d\">", x + 5, p->y + 17);
			html_escape(p->out, name[i], strlen(name[i]));
			str_adds(p->out, "</text>");
			break;
		}
	str_adds(p->out, "</g>\n");
}

static const char *name_of(int milestone)
{
	return milestone == MS_REOPEN ? "reopened" : milestone_name(milestone);
}

/* ---- the axis ---- */

static usec tick_step(usec length)
{
	static const int seconds[] = { 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600,
		43200, 86400, 172800, 604800, 1209600, 2592000, 7776000, 31536000 };
	const usec year = 31536000 * USEC_SEC;

	for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++)
		if (length / (seconds[i] * USEC_SEC) <= TICKS)
			return seconds[i] * USEC_SEC;
	return (length / TICKS / year + 1) * year;
}

static void tick(struct picture *p, usec t, usec step)
{
	struct local l;
	struct str label = STR_INIT;
	int x = x_of(p, t);

	zone_local(p->zone, t, &l);
	if (step >= 86400 * USEC_SEC || (l.hour == 0 && l.min == 0 && l.sec == 0)) {
		when_fmt_local_date(&label, &l);
	} else {
		when_fmt_local_clock(&label, &l);
		str_cut(&label, label.len - (step < USEC_MIN ? 0 : 3));
	}
	str_addf(p->out,
		"<line class=\"axis\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>"
		"<text class=\"soft\" x=\"%d\" y=\"13\" text-anchor=\"middle\">%s</text>\n",
		x, AXIS, x, BAR, x, label.s);
	str_free(&label);
}

static void axis(struct picture *p)
{
	usec step = tick_step(p->to - p->from);
	struct local l;

	zone_local(p->zone, p->from, &l);
	usec into = (p->from + l.offset * USEC_SEC) % step;
	usec t = p->from + (into > 0 ? step - into : -into);
	str_addf(p->out, "<line class=\"axis\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n", LEFT, AXIS, RIGHT, AXIS);
	for (int i = 0; i <= TICKS && t <= p->to; i++, t += step)
		tick(p, t, step);
	p->y = BAR;
}

/* ---- phases and milestones ---- */

static void phase(struct picture *p, size_t i)
{
	const struct mark *m = &p->mark[i];
	bool last = i + 1 == p->marks;
	usec to = last ? p->to : m[1].at;
	struct str title = STR_INIT, name = STR_INIT;

	if (last && (m->milestone == MS_CLOSED || to <= m->at))
		return;
	str_addf(&name, "%s ", name_of(m->milestone));
	dur_fmt(&name, to - m->at);
	str_addf(&title, "%s until %s: ", name_of(m->milestone), last ? "the last event" : name_of(m[1].milestone));
	dur_fmt(&title, to - m->at);
	bar(p, m->at, to, i % 2 ? "b" : "a", &title, (const char *const[]){ name.s, name_of(m->milestone) });
	str_free(&title);
	str_free(&name);
}

/* From the right: a label too close to the one behind it goes one row down, and no line to a label crosses
 * another. Returns the rows. */
static int milestone_labels(struct picture *p)
{
	int start[MARKS], rows = 0;
	struct str label = STR_INIT;

	for (size_t k = p->marks; k-- > 0;) {
		const struct mark *m = &p->mark[k];
		int x = x_of(p, m->at), row = 0, top = p->y + BAR_HEIGHT;
		str_reset(&label);
		str_addf(&label, "%s %s", name_of(m->milestone), m->approx_s ? "~" : "");
		when_fmt_clock(&label, m->at, p->zone);
		while (row < rows && x + (int)label.len * LETTER + 8 > start[row])
			row++;
		rows = row == rows ? rows + 1 : rows;
		start[row] = x;
		int y = top + 12 + (row + 1) * ROW;
		str_addf(p->out, "<g><title>%s ", name_of(m->milestone));
		put_time(p->out, p, m->at, m->approx_s);
		str_addf(p->out,
			"</title><line class=\"lead\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>"
			"<path class=\"mark\" d=\"M%d %dl5 6-5 6-5-6z\"/><text x=\"%d\" y=\"%d\">%s</text></g>\n",
			x, top, x, y, x, top - 6, x + 3, y, label.s);
	}
	str_free(&label);
	return rows;
}

static void phases(struct picture *p)
{
	if (p->marks == 0)
		return;
	lane(p, "Phases", p->y + 17);
	for (size_t i = 0; i < p->marks; i++)
		phase(p, i);
	p->y += BAR_HEIGHT + 24 + milestone_labels(p) * ROW;
	for (size_t i = 0; i < p->marks; i++) {
		str_addf(&p->said, "%s%s ", i ? ", " : "Milestones: ", name_of(p->mark[i].milestone));
		put_time(&p->said, p, p->mark[i].at, p->mark[i].approx_s);
	}
	str_adds(&p->said, ". ");
}

/* ---- severities ---- */

static void severities(struct picture *p)
{
	struct str title = STR_INIT, name = STR_INIT;

	if (p->steps.n == 0 || (p->steps.n == 1 && p->steps.v[0].severity == SEV_UNKNOWN))
		return;
	lane(p, "Severity", p->y + 17);
	for (size_t i = 0; i < p->steps.n; i++) {
		const struct severity_step *s = &p->steps.v[i];
		usec from = s->at == USEC_NONE ? p->from : s->at, to = i + 1 < p->steps.n ? s[1].at : p->to;
		str_reset(&title);
		str_reset(&name);
		severity_fmt(&name, s->severity, p->policy.scheme);
		html_escape(&title, name.s, name.len);
		str_adds(&title, " from ");
		put_time(&title, p, from, 0);
		str_addf(&p->said, "%s%s", i ? ", " : "Severity: ", title.s);
		if (s->why && s->why[0]) {
			str_adds(&title, ": ");
			put_line(&title, s->why);
		}
		bar(p, from, to,
			s->severity >= 0 && s->severity <= 1 ? "warn"
			: i % 2				     ? "b"
							     : "a",
			&title, (const char *const[]){ name.s, name.s });
	}
	str_adds(&p->said, ". ");
	p->y += BAR_HEIGHT + 14;
	str_free(&title);
	str_free(&name);
}

/* ---- updates ---- */

/* Those that fall onto one spot are one mark. */
struct dots {
	struct picture *p;
	int x;
	size_t here, all;
	usec from, to;
	struct str text; /* of the first one here */
};

static void dot(struct dots *d)
{
	struct str *out = d->p->out;

	if (d->here == 0)
		return;
	str_adds(out, "<g><title>");
	if (d->here > 1)
		str_addf(out, "%zu updates from ", d->here);
	put_time(out, d->p, d->from, 0);
	if (d->here > 1) {
		str_adds(out, " to ");
		put_time(out, d->p, d->to, 0);
	} else {
		str_addf(out, ": %s", d->text.s);
	}
	str_addf(out, "</title><circle class=\"mark\" cx=\"%d\" cy=\"%d\" r=\"5\"/></g>\n", d->x, d->p->y + 8);
	d->here = 0;
}

static void add_update(struct dots *d, const struct event *e)
{
	int x = x_of(d->p, e->occurred_at);

	if (d->all == 0)
		lane(d->p, "Updates", d->p->y + 12);
	if (x != d->x)
		dot(d);
	if (d->here == 0) {
		d->x = x;
		d->from = e->occurred_at;
		str_reset(&d->text);
		put_line(&d->text, e->text);
	}
	d->to = e->occurred_at;
	d->here++;
	d->all++;
}

static bool is_update(void *arg, const struct event *e)
{
	(void)arg;
	return e->kind == KIND_UPDATE && !e->struck;
}

static enum status updates(struct picture *p, struct store *s, uuid incident, struct err *err)
{
	struct dots d = { .p = p, .text = STR_INIT };
	struct event_key at = event_key_first;
	enum status st = ST_OK;
	bool end = false;

	while (st == ST_OK && !end) {
		struct events l = { 0 };
		st = q_events_scan(s, incident, false, &at, SCAN, is_update, NULL, &l, &end, err);
		for (size_t i = 0; i < l.n && st == ST_OK; i++)
			add_update(&d, &l.v[i]);
		events_free(&l);
	}
	dot(&d);
	str_addf(&p->said, "Updates: %zu.", d.all);
	p->y += d.all ? 24 : 0;
	str_free(&d.text);
	return st;
}

/* ---- the whole ---- */

static void caption(struct str *out, const struct picture *p)
{
	struct str zone = STR_INIT;

	when_fmt_zone_words(&zone, p->from, p->zone);
	str_adds(out,
		"<figcaption>The timeline as a picture: phases between milestones, severities, updates. Times in ");
	html_escape(out, zone.s, zone.len);
	str_adds(out, ".</figcaption>\n</figure>\n");
	str_free(&zone);
}

enum status html_timeline(
	struct str *out, struct store *s, const struct incident *i, const struct zone *zone, struct err *err)
{
	struct str drawn = STR_INIT;
	struct picture p = { .out = &drawn, .zone = zone, .from = USEC_NONE, .to = USEC_NONE, .said = STR_INIT };
	enum status st = load(&p, s, i, err);

	if (st == ST_OK) {
		axis(&p);
		phases(&p);
		severities(&p);
		st = updates(&p, s, i->entity, err);
	}
	if (st == ST_OK) {
		str_addf(out,
			"<figure>\n<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" "
			"aria-labelledby=\"timeline-title timeline-text\">\n",
			WIDTH, p.y + 6);
		str_adds(out, "<title id=\"timeline-title\">Timeline of ");
		put_line(out, i->shown_id);
		str_addf(out, "</title>\n<desc id=\"timeline-text\">%s</desc>\n%s</svg>\n", p.said.s, drawn.s);
		caption(out, &p);
	}
	severity_steps_free(&p.steps);
	str_free(&drawn);
	str_free(&p.said);
	return st;
}
