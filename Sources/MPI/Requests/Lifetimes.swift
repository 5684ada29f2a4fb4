// Binding a request to its memory. The compiler cannot see that a request uses the memory that MPI was given, and has to be
// told: these are the functions of the standard library's own `_overrideLifetime`, which a package may not use.

/// The same value, which lives no longer than what the source depends on.
@_unsafeNonescapableResult @_alwaysEmitIntoClient @_transparent @_lifetime(copy source)
func bound<Dependent: ~Copyable & ~Escapable, Source: ~Copyable & ~Escapable>(
  _ dependent: consuming Dependent, copying source: borrowing Source
) -> Dependent { dependent }

/// The same value, during whose life the source is neither used nor moved.
@_unsafeNonescapableResult @_alwaysEmitIntoClient @_transparent @_lifetime(&source)
func bound<Dependent: ~Copyable & ~Escapable, Source: ~Copyable & ~Escapable>(
  _ dependent: consuming Dependent, mutating source: inout Source
) -> Dependent { dependent }

/// The same value, during whose life the source is not changed.
@_unsafeNonescapableResult @_alwaysEmitIntoClient @_transparent @_lifetime(borrow source)
func bound<Dependent: ~Copyable & ~Escapable, Source: ~Copyable & ~Escapable>(
  _ dependent: consuming Dependent, borrowing source: borrowing Source
) -> Dependent { dependent }

/// The same value, for whose memory the caller answers.
@_unsafeNonescapableResult @_alwaysEmitIntoClient @_transparent @_lifetime(immortal)
func unbound<Dependent: ~Copyable & ~Escapable>(_ dependent: consuming Dependent) -> Dependent { dependent }
