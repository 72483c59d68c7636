/**
 * The data folders of a broker ({@code log.dirs}): {@link io.milena.server.storage.DataFolders} takes possession of them at the
 * start and knows which of them failed since. A folder that failed stays out of use until the broker is started again; the others
 * serve on. What lies in a folder is the concern of others. Usable by any thread; opening and closing block on the disk. May use
 * the log, and of the cluster how ids are made.
 */
@NullMarked
package io.milena.server.storage;

import org.jspecify.annotations.NullMarked;
