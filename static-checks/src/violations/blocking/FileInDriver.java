// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never blocks
// hiding: inheritance
// layer: compile BlockingOnIoThread
package seed.blocking;

import java.io.IOException;
import java.nio.channels.FileChannel;
import org.rcublk.io.BlockDriver;
import org.rcublk.io.Errno;
import org.rcublk.io.PlanNode;
import org.rcublk.io.Request;

/** A driver's submit runs on the IOThread: the rule comes from the class that it extends. */
final class FileInDriver extends BlockDriver {
    private final FileChannel file;

    FileInDriver(FileChannel file) {
        this.file = file;
    }

    @Override
    public int submit(PlanNode self, Request request) {
        try {
            file.read(request.buffer(), request.offset()); // HERE
        } catch (IOException e) {
            return -Errno.EIO;
        }
        request.complete(0);
        return 0;
    }

    @Override
    public String driverName() {
        return "seed";
    }

    @Override
    public long size(PlanNode self) {
        return 1 << 20;
    }

    @Override
    public void flush() throws IOException {
        file.force(true);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
