package io.binnacle.rpc.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.rpc.CallKind;
import io.binnacle.rpc.Code;
import io.binnacle.rpc.RpcMethod;
import io.binnacle.rpc.RpcObserver;
import io.binnacle.rpc.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a client hears of a path that is no method; recorded from a server in Go. */
class MethodTableTest {

    private final MethodTable table = new MethodTable(
            List.of(new RpcMethod("a.B", "C", CallKind.UNARY, TestServer.onMessage((call, _) -> call.finish(Status.OK)))),
            RpcObserver.NONE, 0);

    private void assertUnknown(String path, String message) {
        assertThat(table.unknown(path)).isEqualTo(new Status(Code.UNIMPLEMENTED, message));
    }

    @Test
    void aPathThatIsNoMethodIsToldApartByItsSlashes() {
        assertThat(table.find("/a.B/C")).isNotNull();
        assertUnknown("/a.B/D", "unknown method D for service a.B");
        assertUnknown("/a.B/", "unknown method  for service a.B");
        assertUnknown("/x/y/z", "unknown service x/y");
        assertUnknown("//", "unknown service ");
        assertUnknown("/a.B", "malformed method name: \"/a.B\"");
        assertUnknown("a.B/C", "malformed method name: \"a.B/C\"");
        assertUnknown("", "malformed method name: \"\"");
    }

    @Test
    void aNameThatIsNotUtf8IsShownWithReplacements() {
        assertUnknown("/a.B/D\u00e4", "unknown method D\ufffd for service a.B");
        assertUnknown("/a.B/D\u00c3\u00a4", "unknown method D\u00e4 for service a.B");
    }
}
