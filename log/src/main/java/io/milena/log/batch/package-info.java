/**
 * The record batch format, version 2: what producers send, what lies on disk and what consumers get are the same bytes.
 * Views read and stamp those bytes in place, the validator decides whether a batch may enter a log, the builder makes
 * new ones. Nothing here keeps state between calls; a view belongs to whoever owns its buffer. Depends on the codecs
 * in {@code io.milena.log.compress} and the exceptions in {@code io.milena.log} only.
 */
@NullMarked
package io.milena.log.batch;

import org.jspecify.annotations.NullMarked;
