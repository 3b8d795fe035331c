// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DaemonOptionsTest {
    /** Options of a command line, written with a space between option and value and two between options. */
    private static DaemonOptions parse(String line) {
        DaemonOptions options = new DaemonOptions();
        for (String option : line.split("  ", -1)) {
            int space = option.indexOf(' ');
            options.add(option.substring(0, space), option.substring(space + 1));
        }
        return options;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--object iothread,id=t0 | IoThreadOption[id=t0, pollMaxNanos=-1]",
                "--object qom-type=iothread,id=t0,poll-max-ns=0 | IoThreadOption[id=t0, pollMaxNanos=0]",
                "--object {\"qom-type\":\"iothread\",\"id\":\"t0\",\"poll-max-ns\":5} | IoThreadOption[id=t0, pollMaxNanos=5]",
                "--blockdev driver=null,node-name=d | Blockdev[options={driver=null, node-name=d}]",
                "--blockdev null,node-name=d,size=4M | Blockdev[options={driver=null, node-name=d, size=4M}]",
                "--blockdev {\"driver\":\"null\",\"node-name\":\"d\",\"read-zeroes\":true} | Blockdev[options={driver=null, node-name=d, read-zeroes=true}]",
                "--nbd-server addr.type=unix,addr.path=/s | NbdServerOption[address=unix:/s, maxConnections=100]",
                "--nbd-server addr.type=inet,addr.host=::1,addr.port=0,max-connections=7 | NbdServerOption[address=[::1]:0, maxConnections=7]",
                "--nbd-server {\"addr\":{\"type\":\"inet\",\"host\":\"h\",\"port\":\"10809\"}} | NbdServerOption[address=h:10809, maxConnections=100]",
                "--chardev socket,id=c,path=/m,server=on,wait=off | Chardev[id=c, path=/m]"
            })
    void parsesOne(String line, String expected) {
        assertEquals(expected, parse(line).inOrder().getFirst().toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--export nbd,id=e,node-name=d | [id=e, nodeName=d, name=d, description=, writable=false, ioThreads=[]]",
                "--export type=nbd,id=e,node-name=d,name=n,writable=on,iothread=t0 | [id=e, nodeName=d, name=n, description=, writable=true, ioThreads=[t0]]",
                "--export nbd,id=e,node-name=d,description=a,,b,iothread.0=t0,iothread.1=t1 | [id=e, nodeName=d, name=d, description=a,b, writable=false, ioThreads=[t0, t1]]",
                "--export {\"type\":\"nbd\",\"id\":\"e\",\"node-name\":\"d\",\"iothread\":\"t1\"} | [id=e, nodeName=d, name=d, description=, writable=false, ioThreads=[t1]]",
                "--export {\"type\":\"nbd\",\"id\":\"e\",\"node-name\":\"d\",\"iothread\":[\"t0\",\"t1\"],\"writable\":true} | [id=e, nodeName=d, name=d, description=, writable=true, ioThreads=[t0, t1]]"
            })
    void parsesAnExport(String line, String expected) {
        String before = "--object iothread,id=t0  --object iothread,id=t1  --nbd-server addr.type=unix,addr.path=/s  ";
        assertEquals(
                "Export[spec=ExportSpec" + expected + "]",
                parse(before + line).inOrder().getLast().toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--object secret,id=s | the only type of object is iothread",
                "--object iothread | 'id' is missing",
                "--object iothread,id= | 'id' is empty",
                "--object iothread,id=t,colour=red | unknown key 'colour'",
                "--object iothread,id=t,poll-max-ns=x | use a whole number",
                "--object iothread,id=t,poll-max-ns=-1 | use a number from 0",
                "--object iothread,id=t  --object iothread,id=t | 't' is given twice",
                "--object {\"qom-type\":\"iothread\",\"id\":7} | 'id' must be a string, not 7",
                "--object {\"qom-type\":\"iothread\",\"id\":\"t\",\"poll-max-ns\":\"5\"} | must be a whole number, not the string '5'",
                "--blockdev driver=null | 'node-name' is missing",
                "--nbd-server addr.type=fd,addr.str=3 | use unix or inet",
                "--nbd-server addr.type=unix | 'addr.path' is missing",
                "--nbd-server addr.type=unix,addr.path=/s,addr.port=1 | unknown key 'addr.port'",
                "--nbd-server addr=unix | 'addr' must be an object",
                "--nbd-server path=/s | 'addr' is missing",
                "--nbd-server addr.type=inet,addr.host=h,addr.port=65536 | 'addr.port' is '65536'",
                "--nbd-server addr.type=inet,addr.host=h,addr.port=x | 'addr.port' is 'x'",
                "--nbd-server addr.type=unix,addr.path=/s,tls-creds=t | unknown key 'tls-creds'",
                "--nbd-server addr.type=unix,addr.path=/s  --nbd-server addr.type=unix,addr.path=/t | given twice",
                "--export nbd,id=e,node-name=d | put --nbd-server before it",
                "--nbd-server addr.type=unix,addr.path=/s  --export fuse,id=e,node-name=d | the only type of export is nbd",
                "--nbd-server addr.type=unix,addr.path=/s  --export nbd,node-name=d | 'id' is missing",
                "--nbd-server addr.type=unix,addr.path=/s  --export nbd,id=e | 'node-name' is missing",
                "--nbd-server addr.type=unix,addr.path=/s  --export nbd,id=e,node-name=d,writable=maybe | use on or off",
                "--nbd-server addr.type=unix,addr.path=/s  --export nbd,id=e,node-name=d,iothread=t9 | --object iothread,id=t9",
                "--nbd-server addr.type=unix,addr.path=/s  --export nbd,id=e,node-name=d,bitmap=b | unknown key 'bitmap'",
                "--nbd-server addr.type=unix,addr.path=/s  --export nbd,id=e,node-name=d  --export nbd,id=e,node-name=d | 'e' is given twice",
                "--nbd-server addr.type=unix,addr.path=/s  --export {\"type\":\"nbd\",\"id\":\"e\",\"node-name\":\"d\",\"writable\":\"on\"} | must be true or false",
                "--nbd-server addr.type=unix,addr.path=/s  --export {\"type\":\"nbd\",\"id\":\"e\",\"node-name\":\"d\",\"iothread\":[]} | empty list",
                "--nbd-server addr.type=unix,addr.path=/s  --export {\"type\":\"nbd\",\"id\":\"e\",\"node-name\":\"d\",\"iothread\":[1]} | a list of strings",
                "--chardev file,id=c,path=/m | the only chardev is socket",
                "--chardev socket,path=/m,server=on,wait=off | 'id' is missing",
                "--chardev socket,id=c,server=on,wait=off | 'path' is missing",
                "--chardev socket,id=c,path=/m | add server=on,wait=off",
                "--chardev socket,id=c,path=/m,server=on | add wait=off",
                "--chardev socket,id=c,path=/m,server=on,wait=off,telnet=on | unknown key 'telnet'",
                "--monitor c | put --chardev socket,id=c",
                "--chardev socket,id=c,path=/m,server=on,wait=off  --monitor c,mode=readline | the only mode is control",
                "--chardev socket,id=c,path=/m,server=on,wait=off  --monitor c  --monitor chardev=c | has a monitor already"
            })
    void refuses(String line, String reason) {
        ArgumentException error = assertThrows(ArgumentException.class, () -> parse(line));
        assertTrue(error.getMessage().contains(reason), error.getMessage());
        assertEquals(1, error.getMessage().lines().count(), error.getMessage());
    }
}
