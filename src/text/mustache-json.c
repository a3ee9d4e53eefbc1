#include <jansson.h>

#include "text/mustache.h"

/* jansson values as template values: objects and lists are the json_t themselves, nothing is copied. */

static enum mst_got json_lookup(void *node, struct mst_name *name, struct mst_value *out, struct err *err)
{
	json_t *value = json_object_get(node, name->s);

	(void)err;
	if (!value)
		return MST_NONE;
	*out = mst_json(value);
	return MST_GOT;
}

static enum mst_got json_next(void *node, struct mst_iter *it, struct mst_value *out, struct err *err)
{
	json_t *value = json_array_get(node, it->i++);

	(void)err;
	if (!value)
		return MST_NONE;
	*out = mst_json(value);
	return MST_GOT;
}

static const struct mst_ops json_ops = { .lookup = json_lookup, .first = json_next, .next = json_next };

struct mst_value mst_json(json_t *json)
{
	switch (json ? json_typeof(json) : JSON_NULL) {
	case JSON_OBJECT:
		return mst_object(&json_ops, json);
	case JSON_ARRAY:
		return mst_list(&json_ops, json);
	case JSON_STRING:
		return mst_text(json_string_value(json), json_string_length(json));
	case JSON_INTEGER:
		return mst_int(json_integer_value(json));
	case JSON_REAL:
		return (struct mst_value){ .kind = MST_REAL, .real = json_real_value(json) };
	case JSON_TRUE:
		return mst_bool(true);
	case JSON_FALSE:
		return mst_bool(false);
	default:
		return (struct mst_value){ .kind = MST_NOTHING };
	}
}
