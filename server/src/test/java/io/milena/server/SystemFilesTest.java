package io.milena.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SystemFilesTest {
    @Test
    void shouldReadWhatTheSystemTells() {
        List<String> limits = List.of(
                "Limit                     Soft Limit           Hard Limit           Units",
                "Max processes             unlimited            unlimited            processes",
                "Max open files            1024                 4096                 files");
        assertThat(SystemFiles.number(limits, "Max open files", 7)).isEqualTo(1024);
        assertThat(SystemFiles.number(limits, "Max processes", 7)).isEqualTo(Integer.MAX_VALUE);
        assertThat(SystemFiles.number(limits, "Max pending signals", 7)).isEqualTo(7);
        assertThat(SystemFiles.number(List.of("65530"), "", 7)).isEqualTo(65_530);
        assertThat(SystemFiles.number(List.of("MemAvailable: some kB"), "MemAvailable:", 7))
                .isEqualTo(7);
    }
}
