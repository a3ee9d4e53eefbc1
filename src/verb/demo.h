/* demo.h - the demo incident (data/demo), played through the verbs into a store of its own. */
#ifndef TPLUS_VERB_DEMO_H
#define TPLUS_VERB_DEMO_H

#include "verb/verb.h"

/* Plays it so that it ends now: half of it for the live screen, or the whole. */
enum status demo_play(struct clock *clock, const char *path, bool half, struct err *err);
char *demo_directory(struct err *err); /* a fresh temporary one, heap; NULL */
void demo_remove(const char *dir);     /* with the files in it */

#endif
