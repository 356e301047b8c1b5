package io.binnacle.server.apply;

import io.binnacle.api.etcdserverpb.AlarmMember;
import io.binnacle.api.etcdserverpb.AlarmType;
import io.binnacle.backend.Backend;
import io.binnacle.backend.Bucket;
import io.binnacle.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Raised alarms, stored in the bucket {@code alarm}: the key is the encoded member, the value empty.
 *
 * <p>Changed by the apply agent alone; {@link #active()} may be read by any thread.
 */
public final class Alarms {

    /**
     * What is raised.
     *
     * @param raised all alarms, by type and then member id (unsigned)
     * @param noSpace whether any NOSPACE alarm is raised, of whatever member
     * @param corrupt whether any CORRUPT alarm is raised, of whatever member
     */
    public record Active(List<AlarmMember> raised, boolean noSpace, boolean corrupt) {
        static final Active NONE = new Active(List.of(), false, false);
    }

    private record Id(int type, long member) implements Comparable<Id> {
        @Override
        public int compareTo(Id other) {
            int byType = Integer.compare(type, other.type);
            return byType != 0 ? byType : Long.compareUnsigned(member, other.member);
        }
    }

    private final Backend backend;
    private final TreeMap<Id, AlarmMember> raised = new TreeMap<>();
    private volatile Active active = Active.NONE;

    private Alarms(Backend backend) {
        this.backend = backend;
    }

    /** Loads what the backend holds. */
    public static Alarms restore(Backend backend) {
        Alarms alarms = new Alarms(backend);
        for (Bytes key : Records.all(backend, Bucket.ALARM).keySet()) {
            AlarmMember member = Stored.parse("alarm", key, key, AlarmMember.parser());
            alarms.raised.put(idOf(member), member);
        }
        alarms.publish();
        return alarms;
    }

    /** The raised alarms now. */
    public Active active() {
        return active;
    }

    /** Raises an alarm; one that is raised already stays as it is. The type must not be NONE. */
    AlarmMember activate(long member, int type) {
        AlarmMember alarm = AlarmMember.newBuilder().setMemberID(member).setAlarmValue(type).build();
        if (raised.putIfAbsent(idOf(alarm), alarm) == null) {
            backend.put(Bucket.ALARM, Bytes.of(alarm.toByteArray()), Bytes.EMPTY);
            publish();
        }
        return alarm;
    }

    /** Clears exactly this alarm; false if it is not raised. */
    boolean deactivate(long member, int type) {
        AlarmMember alarm = raised.remove(new Id(type, member));
        if (alarm == null) return false;
        backend.delete(Bucket.ALARM, Bytes.of(alarm.toByteArray()));
        publish();
        return true;
    }

    /** The raised alarms of a type; of all types for NONE. */
    List<AlarmMember> of(int type) {
        List<AlarmMember> found = new ArrayList<>();
        raised.forEach((id, alarm) -> {
            if (type == AlarmType.NONE_VALUE || id.type() == type) found.add(alarm);
        });
        return found;
    }

    private static Id idOf(AlarmMember alarm) {
        return new Id(alarm.getAlarmValue(), alarm.getMemberID());
    }

    private void publish() {
        active = new Active(List.copyOf(raised.values()),
                !of(AlarmType.NOSPACE_VALUE).isEmpty(), !of(AlarmType.CORRUPT_VALUE).isEmpty());
    }
}
