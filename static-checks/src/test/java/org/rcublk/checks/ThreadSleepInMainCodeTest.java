// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks;

import com.google.errorprone.CompilationTestHelper;
import org.junit.jupiter.api.Test;

class ThreadSleepInMainCodeTest {
    private final CompilationTestHelper compilation =
            CompilationTestHelper.newInstance(ThreadSleepInMainCode.class, getClass());

    @Test
    void reportsEveryOverloadOfThreadSleep() {
        compilation.addSourceLines("Seed.java", """
                        import java.time.Duration;

                        class Seed {
                            void pause() throws InterruptedException {
                                // BUG: Diagnostic contains: ThreadSleepInMainCode
                                Thread.sleep(1);
                                // BUG: Diagnostic contains: ThreadSleepInMainCode
                                Thread.sleep(1, 1);
                                // BUG: Diagnostic contains: ThreadSleepInMainCode
                                Thread.sleep(Duration.ofMillis(1));
                            }
                        }
                        """).doTest();
    }

    @Test
    void reportsStaticImport() {
        compilation.addSourceLines("Seed.java", """
                        import static java.lang.Thread.sleep;

                        class Seed {
                            void pause() throws InterruptedException {
                                // BUG: Diagnostic contains: ThreadSleepInMainCode
                                sleep(1);
                            }
                        }
                        """).doTest();
    }

    @Test
    void reportsInheritedSleep() {
        compilation.addSourceLines("Seed.java", """
                        class Seed extends Thread {
                            void pause() throws InterruptedException {
                                // BUG: Diagnostic contains: ThreadSleepInMainCode
                                sleep(1);
                                // BUG: Diagnostic contains: ThreadSleepInMainCode
                                Seed.sleep(1);
                            }
                        }
                        """).doTest();
    }

    @Test
    void reportsMethodReference() {
        compilation.addSourceLines("Seed.java", """
                        import java.util.concurrent.TimeUnit;

                        class Seed {
                            interface Pause {
                                void pause(long millis) throws InterruptedException;
                            }

                            // BUG: Diagnostic contains: ThreadSleepInMainCode
                            Pause thread = Thread::sleep;
                            // BUG: Diagnostic contains: ThreadSleepInMainCode
                            Pause unit = TimeUnit.MILLISECONDS::sleep;
                        }
                        """).doTest();
    }

    @Test
    void reportsTimeUnitSleep() {
        compilation.addSourceLines("Seed.java", """
                        import java.util.concurrent.TimeUnit;

                        class Seed {
                            void pause(TimeUnit unit) throws InterruptedException {
                                // BUG: Diagnostic contains: ThreadSleepInMainCode
                                TimeUnit.SECONDS.sleep(1);
                                // BUG: Diagnostic contains: ThreadSleepInMainCode
                                unit.sleep(1);
                            }
                        }
                        """).doTest();
    }

    @Test
    void acceptsOtherWaitsAndOtherSleeps() {
        compilation.addSourceLines("Seed.java", """
                        import java.util.concurrent.CountDownLatch;
                        import java.util.concurrent.TimeUnit;
                        import java.util.concurrent.locks.LockSupport;

                        class Seed {
                            static void sleep(long millis) {}

                            boolean pause(CountDownLatch latch) throws InterruptedException {
                                sleep(1);
                                Runnable own = () -> Seed.sleep(1);
                                own.run();
                                LockSupport.parkNanos(1);
                                Thread.yield();
                                return latch.await(1, TimeUnit.SECONDS);
                            }
                        }
                        """).doTest();
    }

    @Test
    void acceptsSuppression() {
        compilation.addSourceLines("Seed.java", """
                        class Seed {
                            @SuppressWarnings("ThreadSleepInMainCode") // waits for nothing: it paces a load generator
                            void pause() throws InterruptedException {
                                Thread.sleep(1);
                            }
                        }
                        """).doTest();
    }
}
