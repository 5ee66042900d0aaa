package dev.kindling.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Hosts within this machine: a network namespace for the driver and one for each worker, joined by a switch, whose links are
 * held at a rate both ways by a token bucket. Closing removes them. It needs root, and Linux's {@code ip} and {@code tc}.
 */
final class Namespaces implements AutoCloseable {
    /** The driver's number; workers are counted from 0. */
    static final int DRIVER = -1;

    private static final String SWITCH = "kindling-switch";
    private static final String SUBNET = "10.231.77.";

    private final int workers;
    private final Thread atExit = new Thread(this::remove);

    /** @param rate as {@code tc} takes it: {@code 100mbit} */
    Namespaces(int workers, String rate) throws IOException, InterruptedException {
        this.workers = workers;
        Runtime.getRuntime().addShutdownHook(atExit);
        try {
            // in a namespace of its own, because Docker's rules would drop what a bridge of the machine carries
            run("ip netns add " + SWITCH);
            run("ip -n " + SWITCH + " link add bridge type bridge");
            run("ip -n " + SWITCH + " link set bridge up");
            for (int host = DRIVER; host < workers; host++) {
                String name = name(host);
                run("ip netns add " + name);
                run("ip -n " + SWITCH + " link add " + name + " type veth peer name eth0 netns " + name);
                run("ip -n " + SWITCH + " link set " + name + " master bridge up");
                run("ip -n " + name + " addr add " + address(host) + "/24 dev eth0");
                run("ip -n " + name + " link set lo up");
                run("ip -n " + name + " link set eth0 up");
                String bucket = " root tbf rate " + rate + " burst 128kb latency 50ms";
                run("tc -n " + SWITCH + " qdisc add dev " + name + bucket);
                run("tc -n " + name + " qdisc add dev eth0" + bucket);
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Whether this user may make them. */
    static boolean possible() throws IOException, InterruptedException {
        String probe = "kindling-probe";
        try {
            return exit("ip netns add " + probe) == 0 && exit("ip netns del " + probe) == 0 && exit("tc -V") == 0;
        } catch (IOException noCommand) {
            return false;
        }
    }

    static String name(int host) {
        return host == DRIVER ? "kindling-d" : "kindling-w" + host;
    }

    static String address(int host) {
        return SUBNET + (host + 2);
    }

    /** What a command begins with that is to run on a host. */
    static List<String> on(int host) {
        return List.of("ip", "netns", "exec", name(host));
    }

    @Override
    public void close() {
        remove();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    private void remove() {
        try {
            for (int host = DRIVER; host < workers; host++) {
                exit("ip netns del " + name(host));
            }
            exit("ip netns del " + SWITCH);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void run(String command) throws IOException, InterruptedException {
        if (exit(command) != 0) {
            throw new IllegalStateException(command + " failed");
        }
    }

    private static int exit(String command) throws IOException, InterruptedException {
        return new ProcessBuilder(command.split(" "))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
