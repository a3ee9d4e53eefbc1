/* html.c - the page around the document. */
#include "text/html.h"

#include <string.h>

#include "text/document.h"

/* Colours come in pairs that can be read on each other; on paper it is always the light ones. */
static const char style[] =
	":root{--fg:#1b1f24;--bg:#fff;--soft:#57606a;--line:#d0d7de;--fill:#f3f5f7;--link:#0550ae;--mark:#9a3412;"
	"--a:#cfe3fb;--b:#fde3c3;--warn:#fbd0cf}\n"
	"@media screen and "
	"(prefers-color-scheme:dark){:root{--fg:#e6edf3;--bg:#0d1117;--soft:#9aa4af;--line:#3d444d;--fill:#161b22;--"
	"link:#79b8ff;"
	"--mark:#ffb77c;--a:#173a63;--b:#5a3a12;--warn:#6b2321}}\n"
	"*{box-sizing:border-box}\n"
	"body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,sans-serif}\n"
	"main{max-width:62rem;margin:0 auto;padding:1.5rem;overflow-wrap:anywhere}\n"
	"h1,h2,h3,h4,h5,h6{line-height:1.25;margin:1.6em 0 .6em;break-after:avoid}\n"
	"h1{margin-top:0}h2{border-bottom:1px solid var(--line);padding-bottom:.2em}\n"
	"a{color:var(--link)}del{color:var(--soft)}hr{border:0;border-top:1px solid var(--line);margin:2em 0}\n"
	"table{border-collapse:collapse;width:100%;margin:1em 0}\n"
	"th,td{border:1px solid var(--line);padding:.3em .6em;text-align:left;vertical-align:top}\n"
	"th{background:var(--fill)}.center{text-align:center}.right{text-align:right}\n"
	"code,pre{font-family:ui-monospace,monospace;font-size:.9em;background:var(--fill)}\n"
	"code{padding:.1em .3em}pre{padding:.8em;overflow-x:auto;white-space:pre-wrap}pre "
	"code{padding:0;font-size:1em}\n"
	"blockquote{margin:1em 0;padding-left:1em;border-left:3px solid var(--line);color:var(--soft)}\n"
	"li.task{list-style:none}li.task>span{display:inline-block;margin-left:-1.4em;width:1.2em}\n"
	"figure{margin:1.6em 0;break-inside:avoid}figcaption{color:var(--soft);font-size:.9em}\n"
	"svg{display:block;width:100%;height:auto}svg text{fill:var(--fg);font:12px system-ui,sans-serif}svg "
	".soft{fill:var(--soft)}\n"
	"svg .axis{stroke:var(--line);stroke-width:1}svg .lead{stroke:var(--soft);stroke-width:1}svg "
	".mark{fill:var(--mark)}\n"
	"svg rect{stroke:var(--line);stroke-width:1}svg .a{fill:var(--a)}svg .b{fill:var(--b)}svg "
	".warn{fill:var(--warn)}\n"
	"@media "
	"print{@page{margin:15mm}body{font-size:10.5pt}main{max-width:none;padding:0}thead{display:table-header-group}"
	"tr,pre,li{break-inside:avoid}a{color:inherit}svg,th{print-color-adjust:exact;-webkit-print-color-adjust:exact}"
	"}\n";

static void page_head(struct str *b, const struct incident *i, const char *version)
{
	struct str title = STR_INIT;

	str_addf(&title, "%s: %s", i->shown_id ? i->shown_id : "", i->title ? i->title : "");
	str_adds(b, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
		    "'unsafe-inline'; base-uri 'none'; "
		    "form-action 'none'\">\n"
		    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		    "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" "
		    "content=\"no-referrer\">\n"
		    "<meta name=\"generator\" content=\"tplus ");
	html_escape(b, version, strlen(version));
	str_adds(b, "\">\n<title>");
	html_escape(b, title.s, title.len);
	str_addf(b, "</title>\n<style>\n%s</style>\n</head>\n<body>\n<main>\n", style);
	str_free(&title);
}

static enum status markdown(
	struct store *s, const struct incident *i, const struct html_opts *o, struct str *out, struct err *err)
{
	const struct document_opts opts = { .version = o->version, .zone = o->zone };
	struct document *d;
	enum status st = document_load(s, i->entity, &opts, &d, err);

	if (st == ST_OK)
		st = document_markdown(d, o->config_dir, o->template, mst_sink_str(out), err);
	document_free(d);
	return st;
}

/* A zone that this system lacks is UTC, as in the document. */
static const struct zone *zone_of(const struct incident *i, const struct html_opts *o)
{
	const struct zone *z = o->zone;

	return z || zone_load(i->zone, &z, NULL) == ST_OK ? z : zone_utc();
}

static enum status write_page(
	struct store *s, const struct incident *i, const struct html_opts *o, struct mst_sink sink, struct err *err)
{
	static const char foot[] = "</main>\n</body>\n</html>\n";
	struct str md = STR_INIT, head = STR_INIT, picture = STR_INIT;
	enum status st = markdown(s, i, o, &md, err);

	page_head(&head, i, o->version);
	if (st == ST_OK)
		st = html_timeline(&picture, s, i, zone_of(i, o), err);
	if (st == ST_OK)
		st = sink.write(sink.arg, head.s, head.len, err);
	if (st == ST_OK)
		st = html_markdown(md.s, md.len, picture.s, sink, err);
	if (st == ST_OK)
		st = sink.write(sink.arg, foot, sizeof foot - 1, err);
	str_free(&md);
	str_free(&head);
	str_free(&picture);
	return st;
}

enum status html_export(
	struct store *s, uuid incident, const struct html_opts *o, struct mst_sink sink, struct err *err)
{
	struct incident i = { 0 };
	enum status st = q_incident(s, incident, &i, err);

	if (st == ST_OK)
		st = write_page(s, &i, o, sink, err);
	incident_clear(&i);
	return st;
}
