/* replace_test.c - writing a document over a file: whole or not at all, and never over somebody's work. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "sample.h"
#include "text/replace.h"

static enum status put(struct store *s, const char *path, const char *text, bool force, struct err *err)
{
	struct replace *r;
	enum status st = replace_begin(s, path, force, &r, err);

	if (st != ST_OK)
		return st;
	struct mst_sink sink = replace_sink(r);
	assert_int_equal(sink.write(sink.arg, text, strlen(text), err), ST_OK);
	return replace_commit(r, err);
}

static void edit(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void expect(const char *path, const char *text)
{
	char buf[256];
	FILE *f = fopen(path, "r");

	if (!f)
		fail_msg("%s is missing", path);
	buf[fread(buf, 1, sizeof buf - 1, f)] = '\0';
	fclose(f);
	assert_string_equal(buf, text);
}

static size_t files_in(const char *dir)
{
	DIR *d = opendir(dir);
	size_t n = 0;

	assert_non_null(d);
	for (struct dirent *e; (e = readdir(d)) != NULL;)
		n += strstr(e->d_name, "doc") != NULL;
	closedir(d);
	return n;
}

static mode_t mode_of(const char *path)
{
	struct stat sb;

	assert_int_equal(stat(path, &sb), 0);
	return sb.st_mode & 07777;
}

static void hand_edits(void **state)
{
	struct sample x = { 0 };
	struct err err;

	(void)state;
	sample_open(&x);
	char *path = sample_path(&x, "doc.md"), *other = sample_path(&x, "doc2.md");
	assert_int_equal(put(x.s, path, "one", false, &err), ST_OK);
	assert_int_equal(put(x.s, path, "two", false, &err), ST_OK);
	expect(path, "two");
	edit(path, "mine");
	assert_int_equal(put(x.s, path, "three", false, &err), ST_NO);
	assert_non_null(strstr(err.text, "was edited by hand since its last export"));
	assert_non_null(strstr(err.text, "--force"));
	expect(path, "mine");
	assert_int_equal(put(x.s, path, "three", true, &err), ST_OK);
	expect(path, "three");
	assert_int_equal(put(x.s, path, "four", false, &err), ST_OK);
	edit(path, "mine"); /* what force once overwrote is still nobody's export */
	assert_int_equal(put(x.s, path, "five", false, &err), ST_NO);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(put(x.s, path, "six", false, &err), ST_OK);
	expect(path, "six");
	edit(other, "never exported");
	assert_int_equal(put(x.s, other, "seven", false, &err), ST_OK);
	expect(other, "seven");
	assert_int_equal(files_in(x.dir), 2);
	free(path);
	free(other);
	sample_close(&x);
}

/* Edited while the document was being written. */
static void edited_meanwhile(void **state)
{
	struct sample x = { 0 };
	struct replace *r;
	struct err err;

	(void)state;
	sample_open(&x);
	char *path = sample_path(&x, "doc.md");
	assert_int_equal(put(x.s, path, "one", false, &err), ST_OK);
	assert_int_equal(replace_begin(x.s, path, false, &r, &err), ST_OK);
	edit(path, "mine");
	assert_int_equal(replace_commit(r, &err), ST_NO);
	expect(path, "mine");
	assert_int_equal(files_in(x.dir), 1);
	free(path);
	sample_close(&x);
}

static void modes_and_links(void **state)
{
	struct sample x = { 0 };
	struct err err;
	char *path, *link_path, *loop, *dangling, *target;

	(void)state;
	sample_open(&x);
	path = sample_path(&x, "doc.md");
	link_path = sample_path(&x, "link");
	loop = sample_path(&x, "loop");
	dangling = sample_path(&x, "dangling");
	target = sample_path(&x, "doc-new.md");
	mode_t mask = umask(027);
	assert_int_equal(put(x.s, path, "one", false, &err), ST_OK);
	assert_int_equal(mode_of(path), 0640);
	umask(mask);
	assert_int_equal(chmod(path, 0604), 0);
	assert_int_equal(symlink("doc.md", link_path), 0);
	assert_int_equal(put(x.s, link_path, "two", false, &err), ST_OK);
	expect(path, "two");
	assert_int_equal(mode_of(path), 0604);
	assert_int_equal(put(x.s, path, "three", false, &err), ST_OK); /* the same file by another name */
	struct stat sb;
	assert_int_equal(lstat(link_path, &sb), 0);
	assert_true(S_ISLNK(sb.st_mode));
	assert_int_equal(symlink("doc-new.md", dangling), 0);
	assert_int_equal(put(x.s, dangling, "new", false, &err), ST_OK);
	expect(target, "new");
	assert_int_equal(symlink("loop", loop), 0);
	assert_int_equal(put(x.s, loop, "no", false, &err), ST_IO);
	free(path);
	free(link_path);
	free(loop);
	free(dangling);
	free(target);
	sample_close(&x);
}

static void refused(void **state)
{
	struct sample x = { 0 };
	struct err err;
	struct replace *r;

	(void)state;
	sample_open(&x);
	char *missing = sample_path(&x, "no/such/doc.md"), *path = sample_path(&x, "doc.md"),
	     *slash = sample_path(&x, "doc/");
	assert_int_equal(put(x.s, missing, "no", false, &err), ST_IO);
	assert_non_null(strstr(err.text, "No such file or directory"));
	assert_int_equal(put(x.s, x.dir, "no", false, &err), ST_IO);
	assert_non_null(strstr(err.text, "is a directory"));
	assert_int_equal(put(x.s, slash, "no", false, &err), ST_IO);
	assert_int_equal(put(x.s, "", "no", false, &err), ST_IO);
	assert_int_equal(put(x.s, path, "old", false, &err), ST_OK);
	assert_int_equal(replace_begin(x.s, path, false, &r, &err), ST_OK);
	assert_int_equal(files_in(x.dir), 2);
	replace_abandon(r);
	replace_abandon(NULL);
	assert_int_equal(files_in(x.dir), 1);
	expect(path, "old");
	assert_int_equal(put(NULL, path, "without a store", false, &err), ST_OK);
	expect(path, "without a store");
	assert_int_equal(put(x.s, "/dev/null", "gone", false, &err), ST_OK);
	struct stat sb;
	assert_int_equal(stat("/dev/null", &sb), 0);
	assert_true(S_ISCHR(sb.st_mode));
	free(missing);
	free(path);
	free(slash);
	sample_close(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hand_edits),
		cmocka_unit_test(edited_meanwhile),
		cmocka_unit_test(modes_and_links),
		cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
