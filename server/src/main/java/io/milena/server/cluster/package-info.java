/**
 * What the cluster is and who decides about it. A {@link io.milena.server.cluster.ClusterImage} is the immutable picture that
 * everybody reads; the {@link io.milena.server.cluster.Controller} decides every change of it, on its own strand and thread;
 * a {@link io.milena.server.cluster.MetadataLog} makes the changes durable before anybody sees them. Images may be read by any
 * thread; whoever needs one for a request takes it once. May use strands, the log and the protocol, and knows nothing of
 * requests and connections.
 */
@NullMarked
package io.milena.server.cluster;

import org.jspecify.annotations.NullMarked;
