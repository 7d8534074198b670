package dev.cortado.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdkSearchTest {
  @TempDir Path folder;
  private Path running;

  @BeforeEach
  void aRunningJava17() throws IOException {
    running = jdk("running", "17.0.15");
  }

  @Test
  void prefersWhereCortadoJavaHomePoints() throws IOException {
    var chosen = jdk("chosen", "26.0.1");
    var other = jdk("other", "25");
    var environment = Map.of("CORTADO_JAVA_HOME", chosen.toString(), "JAVA_HOME", other.toString());
    assertThat(search(environment).find()).contains(chosen);
  }

  @Test
  void refusesACortadoJavaHomeThatIsTooOldRatherThanTakeAnother() throws IOException {
    jdk("jvms/new", "25");
    var search = search(Map.of("CORTADO_JAVA_HOME", running.toString()));
    assertThatThrownBy(search::find).hasMessageContaining(running.toString());
  }

  @Test
  void passesOverAJavaHomeThatIsTooOld() throws IOException {
    var installed = jdk("jvms/new", "25.0.3");
    assertThat(search(Map.of("JAVA_HOME", running.toString())).find()).contains(installed);
  }

  @Test
  void followsALinkOnThePath() throws IOException {
    var jdk = jdk("elsewhere", "25-ea");
    var bin = Files.createDirectories(folder.resolve("bin"));
    Files.createSymbolicLink(JdkSearch.java(bin), JdkSearch.java(jdk.resolve("bin")));
    assertThat(search(Map.of("PATH", bin.toString())).find()).contains(jdk.toRealPath());
  }

  @Test
  void takesTheOldestInstalledThatFitsAlsoFromAMacBundle() throws IOException {
    jdk("jvms/a", "26");
    jdk("jvms/b", "21.0.2");
    var bundle = jdk("jvms/c.jdk/Contents/Home", "25.0.1");
    assertThat(search(Map.of()).find()).contains(bundle);
  }

  @Test
  void passesOverAnImageWithoutTheVectorApi() throws IOException {
    var small = jdk("jvms/small", "25");
    Files.writeString(small.resolve("release"), "JAVA_VERSION=\"25\"\nMODULES=\"java.base\"\n");
    assertThat(search(Map.of()).find()).isEmpty();
  }

  @Test
  void findsNothingWhereThereIsNothing() {
    assertThat(search(Map.of("JAVA_HOME", "/nowhere", "PATH", "")).find()).isEmpty();
  }

  private JdkSearch search(Map<String, String> environment) {
    return new JdkSearch(environment, running, List.of(folder.resolve("jvms")));
  }

  private Path jdk(String name, String version) throws IOException {
    var home = folder.resolve(name);
    var java = JdkSearch.java(Files.createDirectories(home.resolve("bin")));
    Files.writeString(java, "");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return home;
  }
}
