package dev.cortado.simd;

import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/** Writes the log to standard error, if {@code -Dcortado.test.log=true} asks for it. */
public final class PlainLog implements SLF4JServiceProvider {
  private static final boolean ON = Boolean.getBoolean("cortado.test.log");

  @Override
  public ILoggerFactory getLoggerFactory() {
    return Plain::new;
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return new BasicMarkerFactory();
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return new NOPMDCAdapter();
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0.99";
  }

  @Override
  public void initialize() {}

  private static final class Plain extends LegacyAbstractLogger implements Logger {
    private static final long serialVersionUID = 1L;

    Plain(String name) {
      this.name = name;
    }

    @Override
    public boolean isTraceEnabled() {
      return false;
    }

    @Override
    public boolean isDebugEnabled() {
      return false;
    }

    @Override
    public boolean isInfoEnabled() {
      return ON;
    }

    @Override
    public boolean isWarnEnabled() {
      return ON;
    }

    @Override
    public boolean isErrorEnabled() {
      return ON;
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
      return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
        Level level,
        @Nullable Marker marker,
        String message,
        Object @Nullable [] arguments,
        @Nullable Throwable problem) {
      System.err.println(
          level + " " + name + " " + MessageFormatter.basicArrayFormat(message, arguments));
    }
  }
}
