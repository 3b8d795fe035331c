// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The NBD server: exports served to any number of clients, each connection on one IOThread.
 *
 * <pre>
 * listener, handshakes: main loop          transmission: the IOThread of the connection, for life
 * NbdServer - Handshake - HandshakeOptions --hand-over--> NbdConnection - RequestReader -> Virtqueue -> ReplyWriter
 * </pre>
 *
 * <p>Sections named in comments are those of the protocol text, doc/proto.md of the reference implementation.
 */
@NullMarked
package org.rcublk.daemon.nbd;

import org.jspecify.annotations.NullMarked;
