package io.binnacle.server.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.binnacle.io.Disk;
import io.binnacle.io.DiskFile;
import io.binnacle.io.sim.SimDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DataDirectoryTest {

    private static final Path ROOT = Path.of("/d");

    private final Disk disk = new SimDisk(new Random(1));
    private final DataDirectory directory = new DataDirectory(disk, ROOT, ROOT.resolve("member/wal"));

    @Test
    void makesWhatIsMissingAndLeavesForeignNamesAlone() throws Exception {
        disk.createDirectories(ROOT.resolve("lost+found"));

        directory.prepare();

        assertThat(disk.list(ROOT)).containsExactly("lost+found", "member");
        assertThat(disk.list(ROOT.resolve("member"))).containsExactly("snap");
    }

    @Test
    void refusesTheDirectoryOfAProxyUntouched() throws IOException {
        disk.createDirectories(ROOT.resolve("proxy"));

        assertThatThrownBy(directory::prepare).isInstanceOf(StartError.class)
                .hasMessage("v2 http proxy has already been deprecated in 3.6");
        assertThat(disk.list(ROOT)).containsExactly("proxy");
    }

    @Test
    void refusesAProxyBesideAMember() throws IOException {
        disk.createDirectories(ROOT.resolve("proxy"));
        disk.createDirectories(ROOT.resolve("member"));

        assertThatThrownBy(directory::prepare).isInstanceOf(StartError.class)
                .hasMessage("invalid datadir; both member and proxy directories exist");
    }

    @Test
    void removesTheRemainsOfTransfersOnlyWhenAskedTo() throws Exception {
        directory.prepare();
        for (String name : new String[] {"tmp123", "db.tmp.9", "db"}) {
            try (DiskFile file = disk.open(ROOT.resolve("member/snap").resolve(name), Disk.Open.CREATE_NEW)) {
                file.sync();
            }
        }

        directory.prepare();
        assertThat(disk.list(ROOT.resolve("member/snap"))).containsExactly("db", "db.tmp.9", "tmp123");

        directory.clean();
        assertThat(disk.list(ROOT.resolve("member/snap"))).containsExactly("db");
    }
}
