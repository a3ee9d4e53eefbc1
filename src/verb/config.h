/* config.h - tplus.conf: the few things a house sets once. Read with libconfuse; described in tplus(5). */
#ifndef TPLUS_VERB_CONFIG_H
#define TPLUS_VERB_CONFIG_H

#include <stdbool.h>

#include "base/err.h"

struct config {
	char *id_scheme; /* "INC-%Y-%4N" */
	char *zone;      /* of new incidents: "UTC" */
	bool bell;       /* the terminal's bell when something runs out: yes */
	bool title;      /* the terminal's title names the incident: no */
	bool notify;     /* a notification of the desktop, too, by OSC 9: no */
};

/* DIR/tplus.conf; dir NULL or no file: the shipped values. A bad file is ST_USAGE naming file:line. */
enum status config_load(const char *dir, struct config *out, struct err *err);
void config_free(struct config *c);

#endif
