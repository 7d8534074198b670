package dev.cortado.tensor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Recycles the arrays born inside one step of a loop.
 *
 * <pre>{@code
 * try (var step = Scope.open()) {
 *   var loss = ...;
 *   step.keep(statistics);   // lives on
 * }                          // everything else gives its array back
 * }</pre>
 *
 * <p>Reuse is an optimisation, never a duty: without a scope the collector does all the work, and
 * {@code -Dcortado.pool=off} turns recycling off with identical results. Scopes nest; what an inner
 * scope keeps belongs to the outer one. A scope belongs to the thread that opened it: it recycles
 * what that thread makes and nothing else, and only that thread may use it.
 */
public final class Scope implements AutoCloseable {
  /** Smaller arrays are cheaper to make than to manage. */
  private static final int SMALLEST = 1024;

  private static final boolean POOL_ON = !"off".equals(System.getProperty("cortado.pool"));
  private static final ThreadLocal<@Nullable Scope> CURRENT = new ThreadLocal<>();
  private static final ThreadLocal<Pool> POOL = ThreadLocal.withInitial(Pool::new);

  private final @Nullable Scope outer;
  private final ArrayList<HostStorage> born = new ArrayList<>();
  private final Thread owner = Thread.currentThread();
  private boolean closed;

  private Scope(@Nullable Scope outer) {
    this.outer = outer;
  }

  /** Opens a scope on this thread. Close it with try-with-resources. */
  public static Scope open() {
    var scope = new Scope(CURRENT.get());
    CURRENT.set(scope);
    return scope;
  }

  /** Returns the innermost scope that is open on this thread, or null if none is. */
  public static @Nullable Scope current() {
    return CURRENT.get();
  }

  /** Returns how many arrays it will recycle, and whose it is. */
  @Override
  public String toString() {
    return closed
        ? "Scope (closed)"
        : "Scope of " + owner.getName() + " with " + born.size() + " arrays";
  }

  /** Runs {@code body} outside every scope: what it makes belongs to the collector. */
  public static <T> T outside(java.util.function.Supplier<T> body) {
    var before = CURRENT.get();
    CURRENT.remove();
    try {
      return body.get();
    } finally {
      CURRENT.set(before);
    }
  }

  /**
   * Keeps the elements of {@code tensor} alive beyond this scope (they then belong to the enclosing
   * one, if any). What was not born in this scope is left as it is.
   *
   * @throws CortadoException if this scope is closed, or of another thread
   */
  public Tensor keep(Tensor tensor) {
    requireUsable("keep");
    if (tensor.storage() instanceof HostStorage storage && removeLast(storage) && outer != null) {
      outer.born.add(storage);
    }
    return tensor;
  }

  /**
   * Returns whether the elements of {@code tensor} were born in this very scope and neither kept
   * nor recycled since: whether they end with it.
   */
  public boolean owns(Tensor tensor) {
    for (int i = born.size() - 1; i >= 0; i--) {
      if (born.get(i) == tensor.storage()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Gives the array of {@code tensor} back now, if it was born in this scope. The caller vouches
   * that nobody uses it.
   *
   * @throws CortadoException if this scope is closed, or of another thread
   */
  public void recycle(Tensor tensor) {
    requireUsable("recycle");
    if (tensor.storage() instanceof HostStorage storage && removeLast(storage)) {
      giveBack(storage);
    }
  }

  private void requireUsable(String what) {
    if (Thread.currentThread() != owner) {
      throw new CortadoException(
          "Scope.%s: this scope belongs to the thread '%s', and this is '%s'"
              .formatted(what, owner.getName(), Thread.currentThread().getName()));
    }
    if (closed) {
      throw new CortadoException("Scope." + what + ": this scope has been closed already");
    }
  }

  private boolean removeLast(HostStorage storage) {
    for (int i = born.size() - 1; i >= 0; i--) {
      if (born.get(i) == storage) {
        born.remove(i);
        return true;
      }
    }
    return false;
  }

  Object borrow(DType dtype, int size) {
    if (POOL_ON && size >= SMALLEST) {
      var array = POOL.get().take(dtype, size);
      if (array != null) {
        return array;
      }
    }
    return HostStorage.newArray(dtype, size);
  }

  void adopt(HostStorage storage) {
    born.add(storage);
  }

  private static void giveBack(HostStorage storage) {
    var array = storage.release();
    if (POOL_ON && array != null && storage.size() >= SMALLEST) {
      POOL.get().put(storage.dtype(), storage.size(), array);
    }
  }

  /**
   * Gives back every array that was born in this scope and not kept. Closing twice does no harm.
   *
   * @throws CortadoException if a scope that was opened after this one is still open, or this scope
   *     is of another thread; it then stays open
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    requireUsable("close");
    if (CURRENT.get() != this) {
      throw new CortadoException(
          "Scope.close: a scope that was opened after this one is still open; scopes close in"
              + " reverse order, which try-with-resources does by itself");
    }
    closed = true;
    CURRENT.set(outer);
    born.forEach(Scope::giveBack);
    born.clear();
    if (outer == null) {
      POOL.get().trim();
    }
  }

  /**
   * Arrays of equal type and length wait here for the next step. Arrays that two steps in a row did
   * not need are let go.
   */
  private static final class Pool {
    private record Key(DType dtype, int size) {}

    private static final class Shelf {
      final ArrayDeque<Object> arrays = new ArrayDeque<>();
      int leastSpare;
    }

    private final Map<Key, Shelf> shelves = new HashMap<>();

    @Nullable Object take(DType dtype, int size) {
      var shelf = shelves.get(new Key(dtype, size));
      if (shelf == null) {
        return null;
      }
      var array = shelf.arrays.pollLast();
      shelf.leastSpare = Math.min(shelf.leastSpare, shelf.arrays.size());
      return array;
    }

    void put(DType dtype, int size, Object array) {
      shelves.computeIfAbsent(new Key(dtype, size), k -> new Shelf()).arrays.addLast(array);
    }

    /**
     * Called after each outermost scope: what stayed on its shelf during the whole step is surplus.
     */
    void trim() {
      shelves
          .values()
          .removeIf(
              shelf -> {
                int surplus = Math.min(shelf.leastSpare, shelf.arrays.size());
                for (int i = 0; i < surplus; i++) {
                  shelf.arrays.pollFirst();
                }
                shelf.leastSpare = shelf.arrays.size();
                return shelf.arrays.isEmpty();
              });
    }
  }
}
