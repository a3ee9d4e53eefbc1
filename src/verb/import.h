/* import.h - documents that are taken in: what import shows of them. Inside src/verb only. */
#ifndef TPLUS_VERB_IMPORT_H
#define TPLUS_VERB_IMPORT_H

#include "text/import-md.h"
#include "verb/act.h"

/* The document's numbers (all of them AI-N) stay, each once; the others follow behind. */
void import_number_actions(struct actions *l);

/* Everything that was understood, and the report, to out. */
void import_preview(struct ctx *c, struct imported *d);

#endif
