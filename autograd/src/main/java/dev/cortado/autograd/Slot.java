package dev.cortado.autograd;

import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.TensorSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the gradient of one tensor adds up, from as many sides as the tensor was used on. */
final class Slot {
  /** A gradient of a part of the tensor. */
  private record Piece(PartRule place, Tensor gradient) {
    int start() {
      return place.start();
    }

    int end() {
      return place.start() + gradient.dim(place.axis());
    }
  }

  private final TensorSpec spec;
  private final @Nullable Recycler recycler;
  private @Nullable Tensor total;
  private final List<Piece> pieces = new ArrayList<>(0);

  Slot(TensorSpec spec, @Nullable Recycler recycler) {
    this.spec = spec;
    this.recycler = recycler;
  }

  /** Adds a gradient. Never writes into it: it may be somebody else's, too. */
  void add(Tensor gradient) {
    var before = total;
    total = before == null ? gradient : before.add(gradient);
    if (recycler != null) {
      recycler.hold(total);
      if (before != null) {
        recycler.drop(before);
      }
    }
  }

  /** Adds a gradient of a part. */
  void add(PartRule place, Tensor gradient) {
    pieces.add(new Piece(place, gradient));
    if (recycler != null) {
      recycler.hold(gradient);
    }
  }

  /** Returns the sum of what was added; null if that was nothing. */
  @Nullable Tensor sum() {
    if (!pieces.isEmpty()) {
      joinPieces();
    }
    return total;
  }

  /** Lets go of the sum, which has been used. */
  void drop() {
    if (recycler != null && total != null) {
      recycler.drop(total);
    }
    total = null;
  }

  private void joinPieces() {
    pieces.sort(Comparator.comparingInt(Piece::start));
    if (pieces.size() > 1 && apart()) {
      add(Tensor.cat(pieces.getFirst().place.axis(), sideBySide()));
    } else {
      pieces.forEach(piece -> add(piece.place.whole(piece.gradient, spec.shape())));
    }
    if (recycler != null) {
      pieces.forEach(piece -> recycler.drop(piece.gradient));
    }
    pieces.clear();
  }

  /** Returns whether no two pieces overlap. */
  private boolean apart() {
    for (int i = 1; i < pieces.size(); i++) {
      boolean fits =
          pieces.get(i).place.axis() == pieces.getFirst().place.axis()
              && pieces.get(i).start() >= pieces.get(i - 1).end();
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  private List<Tensor> sideBySide() {
    var tensors = new ArrayList<Tensor>();
    int axis = pieces.getFirst().place.axis();
    int at = 0;
    for (var piece : pieces) {
      addZeros(tensors, axis, piece.start() - at);
      tensors.add(piece.gradient);
      at = piece.end();
    }
    addZeros(tensors, axis, spec.shape().dim(axis) - at);
    return tensors;
  }

  private void addZeros(List<Tensor> tensors, int axis, int size) {
    if (size > 0) {
      tensors.add(Backward.zeros(new TensorSpec(spec.shape().with(axis, size), spec.dtype())));
    }
  }
}
