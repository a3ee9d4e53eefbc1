/* main.c - tplus-screen: the live screen. tplus executes it with the options already looked up:
 * --db FILE --as NAME [--incident ID] [--zone ZONE] [--demo] */
#include <getopt.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/utf8.h"
#include "ui/ui.h"
#include "verb/verb.h"

static int say(const struct err *err)
{
	struct str safe = STR_INIT;

	san_text(&safe, err->text, strlen(err->text), SAN_TERMINAL);
	fprintf(stderr, "tplus: screen: %s\n", safe.s);
	str_free(&safe);
	return (int)err->status;
}

static bool parse(int argc, char **argv, struct ui_opts *o)
{
	static const struct option options[] = {
		{ "db", required_argument, NULL, 'd' }, { "incident", required_argument, NULL, 'i' }, { "as", required_argument, NULL, 'a' },
		{ "zone", required_argument, NULL, 'z' }, { "demo", no_argument, NULL, 'D' }, { NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "i:", options, NULL)) != -1) {
		switch (c) {
		case 'd': o->db = optarg; break;
		case 'i': o->incident = optarg; break;
		case 'a': o->author = optarg; break;
		case 'z': o->zone = optarg; break;
		case 'D': o->demo = true; break;
		default: return false;
		}
	}
	return optind == argc && o->db && o->author;
}

int main(int argc, char **argv)
{
	struct ui_opts o = { 0 };
	struct err err = { 0 };
	bool is_default = false;
	char *standard;
	enum status st;

	setlocale(LC_CTYPE, ""); /* the only category that matters here */
	if (!parse(argc, argv, &o)) {
		fputs("tplus: screen: this is the live screen's own program: run tplus\n", stderr);
		return ST_USAGE;
	}
	standard = path_db(NULL, &is_default, NULL);
	o.make_dir = is_default && str_eq(standard, o.db);
	st = ui_run(&o, &err);
	free(standard);
	return st == ST_OK ? 0 : say(&err);
}
