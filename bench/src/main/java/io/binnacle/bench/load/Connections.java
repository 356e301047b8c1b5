package io.binnacle.bench.load;

import java.util.ArrayList;
import java.util.List;

/** Several connections, used in turn. */
public final class Connections implements AutoCloseable {

    private final List<Connection> all;

    private Connections(List<Connection> all) {
        this.all = all;
    }

    /** So many to one server. */
    public static Connections to(int port, int count) {
        List<Connection> all = new ArrayList<>();
        for (int made = 0; made < count; made++) all.add(Connection.to(port));
        return new Connections(all);
    }

    /** How many there are. */
    public int count() {
        return all.size();
    }

    /** The connection of a number, whatever it is. */
    public Connection of(long number) {
        return all.get((int) Math.floorMod(number, (long) all.size()));
    }

    @Override
    public void close() {
        for (Connection connection : all) connection.close();
    }
}
